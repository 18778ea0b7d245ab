/* What the outbox does for itself from time to time, each as a job for the writer or as
   its chore. */
#pragma once

#include "outbox/write.h"

/* The account's waiting messages that were handed in, and wanted, before @before, that no
   relay has ever answered about and that were not asked about yet. */
GArray *est_upkeep_find_old (EstDatabase *database,
                             const char *account,
                             gint64 before,
                             GError **error);

/* Asks about them: they are HELD for the reason OLD. */
typedef struct
{
  const GArray *ids; /* gint64 */
  gint64 stamp;
  gint64 now;
} EstOldOnes;

gboolean est_upkeep_hold_old (EstDatabase *database, gpointer old_ones, GError **error);

/* The outbox is an old copy, or another one: all that waits in it is HELD for the reason
   RESTORED, because it may have left since. In one transaction of its own. */
gboolean est_upkeep_hold_restored (EstDatabase *database, gint64 now, GError **error);

/* @latest, a gint64: retries after it are brought forward to it. */
gboolean
est_upkeep_bound_retries (EstDatabase *database, gpointer latest, GError **error);

/* Forgets some of the messages that were sent or discarded before @before, with their
   journal. TRUE while there are more. The newest message is kept, for its number and
   stamp must not come again. */
gboolean est_upkeep_forget (EstDatabase *database, gint64 before);
