/* How much is due: for whoever wonders whether one connection is enough. */
#include "outbox/ahead.h"

/* Those that are not due yet are stepped over in the index. */
static gboolean
count_due (EstDatabase *database,
           const EstDueQuestion *question,
           guint enough,
           guint *count,
           GError **error)
{
  sqlite3_stmt *row
    = est_database_query (database, error,
                          "SELECT id FROM message WHERE state=? AND account=?"
                          " AND not_before<=? AND size<=?",
                          "isii", (gint64) EST_STATE_WAITING, question->account,
                          question->now, (gint64) MIN (question->largest, G_MAXINT64));
  *count = 0;
  if (row == NULL)
    return FALSE;
  g_autoptr (GError) trouble = NULL;
  while (*count < enough && est_database_next (database, row, &trouble))
    if (!est_claims_is_spoken_for (question->claims, sqlite3_column_int64 (row, 0)))
      (*count)++;
  sqlite3_reset (row);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

gboolean
est_turn_count (EstDatabase *database,
                const EstDueQuestion *question,
                guint enough,
                guint *count,
                GError **error)
{
  gint64 id, due = G_MAXINT64;
  if (!count_due (database, question, enough, count, error))
    return FALSE;
  if (*count > 0)
    return TRUE;
  gboolean good = est_ahead_find (database, question, &id, &due, error);
  *count = good && due <= question->now ? MIN (enough, 1) : 0;
  return good;
}
