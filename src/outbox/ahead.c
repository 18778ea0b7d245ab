/* One SELECT along the times people chose. */
#include "outbox/ahead.h"

/* In their order: what is wanted first can be handed over first. */
static gboolean
take_first (EstDatabase *database,
            const EstDueQuestion *question,
            sqlite3_stmt *row,
            gint64 *id,
            gint64 *due,
            GError **error)
{
  g_autoptr (GError) trouble = NULL;
  gboolean found = FALSE;
  while (!found && est_database_next (database, row, &trouble))
    {
      gint64 candidate = sqlite3_column_int64 (row, 0);
      gint64 wanted = sqlite3_column_int64 (row, 1);
      gint64 when = est_reach_due (question->reach, wanted, question->now);
      found = !est_claims_is_spoken_for (question->claims, candidate);
      if (!found || when >= *due || when >= wanted)
        continue;
      *id = candidate;
      *due = when;
    }
  sqlite3_reset (row);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

gboolean
est_ahead_find (EstDatabase *database,
                const EstDueQuestion *question,
                gint64 *id,
                gint64 *due,
                GError **error)
{
  if (question->reach == NULL || question->reach->longest <= 0)
    return TRUE;
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT id, wanted FROM message INDEXED BY message_wanted WHERE state=?1"
    " AND account=?2 AND wanted>?3 AND wanted>0 AND not_before>=wanted AND ahead=0"
    " AND size<=?4 AND bulk<=?5 ORDER BY wanted, id",
    "isiii", (gint64) EST_STATE_WAITING, question->account, MAX (question->now, 0),
    (gint64) MIN (question->largest, G_MAXINT64), (gint64) question->bulk);
  return row != NULL && take_first (database, question, row, id, due, error);
}
