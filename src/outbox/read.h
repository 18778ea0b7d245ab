/* What is asked about many messages at once; each function is one short SELECT. */
#pragma once

#include "outbox/outbox.h"

GPtrArray *
est_read_list (EstDatabase *database, gint64 after, guint limit, GError **error);
gboolean est_read_counts (EstDatabase *database, EstCounts *counts, GError **error);
guint est_read_waiting (EstDatabase *database, const char *account);
gboolean est_read_last_id (EstDatabase *database, gint64 *id, GError **error);
GBytes *est_read_chunk (EstDatabase *database, gint64 id, guint number, GError **error);

/* The account's waiting message that has been due longest and is not in @taken (a set of
   gint64), and when it is due; 0 if there is none. */
gboolean est_read_next_due (EstDatabase *database,
                            const char *account,
                            GHashTable *taken,
                            gint64 *id,
                            gint64 *due,
                            GError **error);
