/* What is asked about many messages at once; each function is one short SELECT. */
#pragma once

#include "outbox/claims.h"
#include "outbox/outbox.h"

/* The ids of up to @limit selected messages after @after, in their order. What a worker
   has in @claims (NULL: nothing) counts as SENDING. */
GArray *est_read_ids (EstDatabase *database,
                      const EstSelection *selection,
                      EstClaims *claims,
                      gint64 after,
                      guint limit,
                      GError **error);

gboolean est_read_counts (EstDatabase *database, EstCounts *counts, GError **error);
guint est_read_waiting (EstDatabase *database, const char *account);
guint est_read_because (EstDatabase *database, EstState state, EstReason reason);
gboolean est_read_is_relayed (EstDatabase *database, gint64 id);
gboolean est_read_last_id (EstDatabase *database, gint64 *id, GError **error);
GBytes *est_read_chunk (EstDatabase *database, gint64 id, guint number, GError **error);

/* See est_outbox_times(). */
GArray *
est_read_times (EstDatabase *database, const char *program, gint64 since, GError **error);
