/* The journal's rows. */
#include "outbox/attempt.h"

void
est_attempt_free (EstAttempt *attempt)
{
  g_free (attempt->account);
  g_free (attempt->detail);
  g_free (attempt->reply);
  g_free (attempt->route.peer);
  g_free (attempt->route.tls);
  g_free (attempt->route.mechanism);
  g_free (attempt);
}

gboolean
est_attempt_store (EstDatabase *database,
                   gint64 id,
                   const char *account,
                   gint64 time,
                   const EstOutcome *outcome,
                   GError **error)
{
  g_autofree char *reply = outcome->reply ? est_reply_to_line (outcome->reply) : NULL;
  return est_database_run (database, error,
                           "INSERT INTO attempt (message, time, account, reason, detail,"
                           " reply, peer, tls, mechanism) VALUES (?,?,?,?,?,?,?,?,?)",
                           "iisisssss", id, time, account, (gint64) outcome->reason,
                           outcome->detail, reply, outcome->route.peer,
                           outcome->route.tls, outcome->route.mechanism);
}

static EstAttempt *
read_attempt (sqlite3_stmt *row)
{
  EstAttempt *attempt = g_new0 (EstAttempt, 1);
  attempt->time = sqlite3_column_int64 (row, 0);
  attempt->account = est_column_text (row, 1);
  attempt->reason = (EstReason) sqlite3_column_int (row, 2);
  attempt->detail = est_column_text (row, 3);
  attempt->reply = est_column_text (row, 4);
  attempt->route.peer = est_column_text (row, 5);
  attempt->route.tls = est_column_text (row, 6);
  attempt->route.mechanism = est_column_text (row, 7);
  return attempt;
}

GPtrArray *
est_attempt_load_all (EstDatabase *database, gint64 id, GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT time, account, reason, detail, reply, peer, tls, mechanism"
    " FROM attempt WHERE message=? ORDER BY id",
    "i", id);
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GPtrArray) attempts
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_attempt_free);
  while (est_database_next (database, row, &trouble))
    g_ptr_array_add (attempts, read_attempt (row));
  if (trouble == NULL)
    return g_steal_pointer (&attempts);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}
