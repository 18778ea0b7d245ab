/* The rows of paused accounts. */
#include "outbox/pause.h"

EstPause *
est_pause_copy (const EstPause *pause)
{
  EstPause *copy = g_new0 (EstPause, 1);
  *copy = *pause;
  copy->account = g_strdup (pause->account);
  copy->detail = g_strdup (pause->detail);
  copy->figures = g_strdup (pause->figures);
  copy->reply = g_strdup (pause->reply);
  return copy;
}

void
est_pause_free (EstPause *pause)
{
  if (pause == NULL)
    return;
  g_free (pause->account);
  g_free (pause->detail);
  g_free (pause->figures);
  g_free (pause->reply);
  g_free (pause);
}

gboolean
est_pause_store (EstDatabase *database, const EstPause *pause, GError **error)
{
  return est_database_run (database, error,
                           "INSERT OR REPLACE INTO pause (account, reason, since, retry,"
                           " tries, detail, reply, figures) VALUES (?,?,?,?,?,?,?,?)",
                           "siiiisss", pause->account, (gint64) pause->reason,
                           pause->since, pause->retry, (gint64) pause->tries,
                           pause->detail, pause->reply, pause->figures);
}

gboolean
est_pause_remove (EstDatabase *database, const char *account, GError **error)
{
  return est_database_run (database, error, "DELETE FROM pause WHERE account=?", "s",
                           account);
}

static EstPause *
read_pause (sqlite3_stmt *row)
{
  EstPause *pause = g_new0 (EstPause, 1);
  pause->account = est_column_text (row, 0);
  pause->reason = (EstReason) sqlite3_column_int (row, 1);
  pause->since = sqlite3_column_int64 (row, 2);
  pause->retry = sqlite3_column_int64 (row, 3);
  pause->tries = (guint) sqlite3_column_int (row, 4);
  pause->detail = est_column_text (row, 5);
  pause->reply = est_column_text (row, 6);
  pause->figures = est_column_text (row, 7);
  return pause;
}

GPtrArray *
est_pause_load_all (EstDatabase *database, GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT account, reason, since, retry, tries, detail, reply, figures FROM pause", "");
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GPtrArray) pauses
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_pause_free);
  while (est_database_next (database, row, &trouble))
    g_ptr_array_add (pauses, read_pause (row));
  if (trouble == NULL)
    return g_steal_pointer (&pauses);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}
