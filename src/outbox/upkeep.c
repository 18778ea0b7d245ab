/* Questions about old mail, the end of its journal, retries in a far future. */
#include "outbox/upkeep.h"

#define FORGOTTEN_AT_ONCE                                                                \
  200 /* some milliseconds: mail that comes in does not wait long */

GArray *
est_upkeep_find_old (EstDatabase *database,
                     const char *account,
                     gint64 before,
                     GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT id FROM message WHERE state=? AND account=? AND max(created, wanted)<?"
    " AND asked=0"
    " AND attempts=0 AND doubts=0 ORDER BY id",
    "isi", (gint64) EST_STATE_WAITING, account, before);
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  while (est_database_next (database, row, &trouble))
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      g_array_append_val (ids, id);
    }
  if (trouble == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}

static gboolean
hold_as_old (EstDatabase *database, const EstOldOnes *old_ones, gint64 id, GError **error)
{
  return est_database_run (
           database, error,
           "UPDATE message SET state=?, reason=?, settled=?, stamp=? WHERE id=?", "iiiii",
           (gint64) EST_STATE_HELD, (gint64) EST_REASON_OLD, old_ones->now,
           old_ones->stamp, id)
         && est_attempt_note (database, id, old_ones->now, EST_REASON_OLD,
                              "waited for very long: its person is asked", error);
}

gboolean
est_upkeep_hold_old (EstDatabase *database, gpointer data, GError **error)
{
  const EstOldOnes *old_ones = data;
  for (guint i = 0; i < old_ones->ids->len; i++)
    if (!hold_as_old (database, old_ones, g_array_index (old_ones->ids, gint64, i),
                      error))
      return FALSE;
  return TRUE;
}

static gboolean
hold_all (EstDatabase *database, gint64 now, GError **error)
{
  return est_database_run (
           database, error,
           "INSERT INTO attempt (message, time, account, reason, detail)"
           " SELECT id, ?, account, ?, 'the outbox was put back from a copy'"
           " FROM message WHERE state=?",
           "iii", now, (gint64) EST_REASON_RESTORED, (gint64) EST_STATE_WAITING)
         && est_database_run (
           database, error,
           "UPDATE message SET state=?, reason=?, reply=NULL, settled=? WHERE state=?",
           "iiii", (gint64) EST_STATE_HELD, (gint64) EST_REASON_RESTORED, now,
           (gint64) EST_STATE_WAITING);
}

gboolean
est_upkeep_hold_restored (EstDatabase *database, gint64 now, GError **error)
{
  if (est_database_run (database, error, "BEGIN IMMEDIATE", "")
      && hold_all (database, now, error)
      && est_database_run (database, error, "COMMIT", ""))
    return TRUE;
  est_database_run (database, NULL, "ROLLBACK", "");
  return FALSE;
}

/* The index alone tells which rows need be looked at. */
gboolean
est_upkeep_bound_retries (EstDatabase *database, gpointer data, GError **error)
{
  const gint64 *latest = data;
  return est_database_run (database, error,
                           "UPDATE message SET not_before=max(wanted, ?1)"
                           " WHERE state=?2 AND not_before>?1 AND not_before>wanted",
                           "ii", *latest, (gint64) EST_STATE_WAITING);
}

/* The scan ends at the first ones that are too young: ids grow with time. */
static GArray *
find_forgettable (EstDatabase *database, gint64 before)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = est_database_query (
    database, NULL,
    "SELECT id FROM message WHERE state IN (?, ?) AND settled<? AND created<?3"
    " AND id<(SELECT max(id) FROM message) ORDER BY id LIMIT ?",
    "iiii", (gint64) EST_STATE_SENT, (gint64) EST_STATE_DISCARDED, before,
    (gint64) FORGOTTEN_AT_ONCE);
  while (row != NULL && est_database_next (database, row, NULL))
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      g_array_append_val (ids, id);
    }
  return g_steal_pointer (&ids);
}

static gboolean
forget (EstDatabase *database, gint64 id)
{
  return est_database_run (database, NULL, "DELETE FROM attempt WHERE message=?", "i", id)
         && est_database_run (database, NULL, "DELETE FROM recipient WHERE message=?",
                              "i", id)
         && est_database_run (database, NULL, "DELETE FROM message WHERE id=?", "i", id);
}

gboolean
est_upkeep_forget (EstDatabase *database, gint64 before)
{
  g_autoptr (GArray) ids = find_forgettable (database, before);
  gboolean good
    = ids->len > 0 && est_database_run (database, NULL, "BEGIN IMMEDIATE", "");
  for (guint i = 0; good && i < ids->len; i++)
    good = forget (database, g_array_index (ids, gint64, i));
  if (ids->len > 0 && !(good && est_database_run (database, NULL, "COMMIT", "")))
    {
      est_database_run (database, NULL, "ROLLBACK", "");
      return FALSE;
    }
  return ids->len == FORGOTTEN_AT_ONCE;
}
