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

typedef struct
{
  const char *account;
  guint64 largest; /* octets */
  EstClaims *claims;
  gint64 now;
  const EstReach *reach; /* how far ahead of their time messages are due; NULL: not */
} EstDueQuestion;

/* The account's waiting message that nobody has claimed and that goes next: of those due
   the one with the greatest priority, and among them the one that has been due longest;
   if none is, one that its relay may be given ahead of its time (see ahead.h); else the
   one that will be first. With when it is due; 0 if there is none. */
gboolean est_read_next_due (EstDatabase *database,
                            const EstDueQuestion *question,
                            gint64 *id,
                            gint64 *due,
                            GError **error);
