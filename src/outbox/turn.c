/* Questions to the index of what waits. */
#include "outbox/turn.h"

#include "outbox/ahead.h"

/* The greatest priority below @*priority with which something waits. */
static gboolean
find_priority (EstDatabase *database,
               const char *account,
               gint64 *priority,
               GError **error)
{
  return est_database_number (database, priority, G_MININT64, error,
                              "SELECT coalesce(max(priority), ?4) FROM message"
                              " WHERE state=?1 AND account=?2 AND priority<?3",
                              "isii", (gint64) EST_STATE_WAITING, account, *priority,
                              G_MININT64);
}

static gboolean
find_due (EstDatabase *database,
          const EstDueQuestion *question,
          gint64 priority,
          gboolean bulk,
          gint64 *id,
          gint64 *due,
          GError **error)
{
  *id = 0;
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT id, not_before FROM message WHERE state=? AND account=? AND priority=?"
    " AND bulk=? AND size<=? ORDER BY not_before, id",
    "isiii", (gint64) EST_STATE_WAITING, question->account, priority, (gint64) bulk,
    (gint64) MIN (question->largest, G_MAXINT64));
  if (row == NULL)
    return FALSE;
  g_autoptr (GError) trouble = NULL;
  while (*id == 0 && est_database_next (database, row, &trouble))
    {
      gint64 candidate = sqlite3_column_int64 (row, 0);
      *due = sqlite3_column_int64 (row, 1);
      if (!est_claims_is_spoken_for (question->claims, candidate))
        *id = candidate;
    }
  sqlite3_reset (row);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

/* The first of one priority and one kind, if it comes before @*due. TRUE in @is_due: none
   of a lower order need be looked at. */
static gboolean
look_at (EstDatabase *database,
         const EstDueQuestion *question,
         gint64 priority,
         gboolean bulk,
         gint64 *id,
         gint64 *due,
         gboolean *is_due,
         GError **error)
{
  gint64 candidate, when = G_MAXINT64;
  if (!find_due (database, question, priority, bulk, &candidate, &when, error))
    return FALSE;
  if (candidate == 0 || when >= *due)
    return TRUE;
  *id = candidate;
  *due = when;
  *is_due = when <= question->now;
  return TRUE;
}

/* There are at most 19 priorities, and mostly one. */
static gboolean
find_first (EstDatabase *database,
            const EstDueQuestion *question,
            gint64 *id,
            gint64 *due,
            GError **error)
{
  gint64 priority = G_MAXINT64;
  gboolean is_due = FALSE;
  *id = 0;
  *due = G_MAXINT64;
  while (find_priority (database, question->account, &priority, error))
    {
      if (priority == G_MININT64)
        return TRUE;
      for (int bulk = 0; bulk <= (question->bulk ? 1 : 0); bulk++)
        {
          if (!look_at (database, question, priority, bulk, id, due, &is_due, error))
            return FALSE;
          if (is_due)
            return TRUE;
        }
    }
  return FALSE;
}

gboolean
est_turn_find (EstDatabase *database,
               const EstDueQuestion *question,
               gint64 *id,
               gint64 *due,
               GError **error)
{
  if (!find_first (database, question, id, due, error))
    return FALSE;
  return *due <= question->now || est_ahead_find (database, question, id, due, error);
}

gboolean
est_turn_describe (EstDatabase *database, EstNext *next, GError **error)
{
  gint64 recipients = 0, bulk = 0;
  gboolean good
    = est_database_number (
        database, &recipients, 0, error,
        "SELECT count(*) FROM recipient WHERE message=? AND state IN (?, ?)", "iii",
        next->id, (gint64) EST_RECIPIENT_PENDING, (gint64) EST_RECIPIENT_DOUBTFUL)
      && est_database_number (database, &bulk, 0, error,
                              "SELECT bulk FROM message WHERE id=?", "i", next->id);
  next->recipients = (guint) recipients;
  next->bulk = bulk != 0;
  return good;
}

GArray *
est_turn_queue (EstDatabase *database,
                const char *account,
                EstClaims *claims,
                gint64 now,
                guint limit,
                GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT id, not_before, bulk, (SELECT count(*) FROM recipient"
    " WHERE message=message.id AND state IN (?, ?)) FROM message"
    " WHERE state=? AND account=? AND not_before<=?"
    " ORDER BY priority DESC, bulk, not_before, id",
    "iiisi", (gint64) EST_RECIPIENT_PENDING, (gint64) EST_RECIPIENT_DOUBTFUL,
    (gint64) EST_STATE_WAITING, account, now);
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (EstNext));
  while (queue->len < limit && est_database_next (database, row, &trouble))
    {
      EstNext next
        = {sqlite3_column_int64 (row, 0), sqlite3_column_int64 (row, 1),
           (guint) sqlite3_column_int (row, 3), sqlite3_column_int (row, 2) != 0};
      if (!est_claims_is_spoken_for (claims, next.id))
        g_array_append_val (queue, next);
    }
  sqlite3_reset (row);
  if (trouble == NULL)
    return g_steal_pointer (&queue);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}
