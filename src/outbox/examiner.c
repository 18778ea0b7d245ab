/* A thread, a read-only connection, and three questions. */
#include "outbox/examiner.h"

#include "outbox/database.h"
#include "outbox/outbox-error.h"

struct EstExaminer
{
  char *path;
  void (*damaged) (gpointer data, const char *what);
  gpointer data;
  GThread *thread;
  gboolean stop; /* atomic */
};

static int
is_to_stop (gpointer data)
{
  EstExaminer *examiner = data;
  return __atomic_load_n (&examiner->stop, __ATOMIC_RELAXED);
}

/* The first line of a check that says more than "ok". */
static char *
ask (EstDatabase *database, const char *question)
{
  g_autoptr (GError) error = NULL;
  char *answer = NULL;
  sqlite3_stmt *row = est_database_query (database, &error, question, "");
  if (row != NULL && est_database_next (database, row, &error))
    answer = est_column_text (row, 0);
  if (row != NULL)
    sqlite3_reset (row);
  if (g_strcmp0 (answer, "ok") == 0)
    g_clear_pointer (&answer, g_free);
  if (g_error_matches (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_CORRUPT))
    return g_strdup (error->message);
  return answer;
}

/* quick_check does not compare indices with their tables: a message that is missing from
   its index would never be due. */
static char *
look_through (EstDatabase *database)
{
  static const char *const questions[] = {
    "PRAGMA quick_check(1)",
    "SELECT iif((SELECT count(*) FROM message NOT INDEXED)"
    "=(SELECT count(*) FROM message INDEXED BY message_due WHERE state>=0), 'ok',"
    " 'messages are missing from their index')",
    "SELECT iif((SELECT sum(id) FROM message NOT INDEXED)"
    " IS (SELECT sum(id) FROM message INDEXED BY message_due WHERE state>=0), 'ok',"
    " 'an index knows messages that are not there')",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      char *finding = ask (database, questions[i]);
      if (finding != NULL)
        return finding;
    }
  return NULL;
}

static gpointer
examine (gpointer data)
{
  EstExaminer *examiner = data;
  g_autoptr (EstDatabase) database = est_database_open_as_is (examiner->path, NULL);
  if (database == NULL || !est_database_keep_little (database, NULL))
    return NULL;
  est_database_interrupt_by (database, is_to_stop, examiner);
  g_autofree char *finding = look_through (database);
  if (finding != NULL && !is_to_stop (examiner))
    examiner->damaged (examiner->data, finding);
  return NULL;
}

EstExaminer *
est_examiner_start (const char *path,
                    void (*damaged) (gpointer data, const char *what),
                    gpointer data)
{
  EstExaminer *examiner = g_new0 (EstExaminer, 1);
  examiner->path = g_strdup (path);
  examiner->damaged = damaged;
  examiner->data = data;
  examiner->thread = g_thread_new ("examiner", examine, examiner);
  return examiner;
}

void
est_examiner_free (EstExaminer *examiner)
{
  __atomic_store_n (&examiner->stop, TRUE, __ATOMIC_RELAXED);
  g_thread_join (examiner->thread);
  g_free (examiner->path);
  g_free (examiner);
}
