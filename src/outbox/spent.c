/* The rows of budgets. */
#include "outbox/spent.h"

#include "outbox/state.h"

#define KEPT G_TIME_SPAN_DAY

void
est_spent_free (EstSpent *spent)
{
  g_free (spent->account);
  g_free (spent);
}

void
est_lesson_free (EstLesson *lesson)
{
  g_free (lesson->account);
  g_free (lesson->what);
  g_free (lesson);
}

guint
est_spent_on (const EstOutcome *outcome)
{
  return est_outcome_count (outcome, EST_RECIPIENT_SENT)
         + est_outcome_count (outcome, EST_RECIPIENT_DOUBTFUL);
}

static gboolean
note_first (EstDatabase *database, const char *account, gint64 now, GError **error)
{
  return est_database_run (database, error,
                           "INSERT OR IGNORE INTO learnt (account, what, value, time)"
                           " VALUES (?1,'since',?2,?2)",
                           "si", account, now);
}

gboolean
est_spent_store (EstDatabase *database,
                 const char *account,
                 gint64 now,
                 const EstOutcome *outcome,
                 GError **error)
{
  guint recipients = est_spent_on (outcome);
  if (recipients == 0)
    return TRUE;
  return est_database_run (database, error,
                           "DELETE FROM spent WHERE account=? AND time<?", "si", account,
                           now - KEPT)
         && est_database_run (
           database, error,
           "INSERT INTO spent (account, time, messages, recipients) VALUES (?,?,1,?)",
           "sii", account, now, (gint64) recipients)
         && note_first (database, account, now, error);
}

gboolean
est_spent_recover (EstDatabase *database, gint64 now, GError **error)
{
  return est_database_run (database, error, "DELETE FROM spent WHERE time<?", "i",
                           now - KEPT)
         && est_database_run (database, error, "UPDATE spent SET time=?1 WHERE time>?1",
                              "i", now)
         && est_database_run (
           database, error,
           "INSERT INTO spent (account, time, messages, recipients)"
           " SELECT account, ?, 1, (SELECT count(*) FROM recipient"
           " WHERE message=message.id AND state IN (?, ?)) FROM message WHERE state=?",
           "iiii", now, (gint64) EST_RECIPIENT_PENDING, (gint64) EST_RECIPIENT_DOUBTFUL,
           (gint64) EST_STATE_SENDING);
}

/* Rows of @query by @read. */
static GPtrArray *
load_all (EstDatabase *database,
          const char *query,
          gpointer (*read) (sqlite3_stmt *row),
          GDestroyNotify free,
          GError **error)
{
  sqlite3_stmt *row = est_database_query (database, error, query, "");
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (free);
  while (est_database_next (database, row, &trouble))
    g_ptr_array_add (all, read (row));
  if (trouble == NULL)
    return g_steal_pointer (&all);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}

/* What no handover can have cost is damage. */
static guint
read_amount (sqlite3_stmt *row, int column)
{
  return (guint) CLAMP (sqlite3_column_int64 (row, column), 0, G_MAXINT);
}

static gpointer
read_spent (sqlite3_stmt *row)
{
  EstSpent *spent = g_new0 (EstSpent, 1);
  spent->account = est_column_text (row, 0);
  spent->time = sqlite3_column_int64 (row, 1);
  spent->messages = read_amount (row, 2);
  spent->recipients = read_amount (row, 3);
  return spent;
}

GPtrArray *
est_spent_load (EstDatabase *database, GError **error)
{
  return load_all (database,
                   "SELECT account, time, messages, recipients FROM spent"
                   " ORDER BY time, id",
                   read_spent, (GDestroyNotify) est_spent_free, error);
}

gboolean
est_lesson_store (EstDatabase *database, const EstLesson *lesson, GError **error)
{
  return est_database_run (database, error,
                           "INSERT OR REPLACE INTO learnt (account, what, value, time)"
                           " VALUES (?,?,?,?)",
                           "ssii", lesson->account, lesson->what, lesson->value,
                           lesson->time);
}

static gpointer
read_lesson (sqlite3_stmt *row)
{
  EstLesson *lesson = g_new0 (EstLesson, 1);
  lesson->account = est_column_text (row, 0);
  lesson->what = est_column_text (row, 1);
  lesson->value = sqlite3_column_int64 (row, 2);
  lesson->time = sqlite3_column_int64 (row, 3);
  return lesson;
}

GPtrArray *
est_lesson_load_all (EstDatabase *database, GError **error)
{
  return load_all (database, "SELECT account, what, value, time FROM learnt", read_lesson,
                   (GDestroyNotify) est_lesson_free, error);
}
