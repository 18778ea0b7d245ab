/* Group commit. */
#include "outbox/writer.h"

#define IDLE_BEFORE_TIDYING (5 * G_USEC_PER_SEC)

/* Some 30 ms: a caller that comes meanwhile waits no longer. */
#define PAGES_PER_TIDYING 1000

struct EstWriter
{
  EstDatabase *database;
  EstWriterChore chore;
  gpointer chore_data;
  GThread *thread;
  GMutex mutex;
  GCond work; /* something was queued, or it is time to end */
  GQueue queue;
  gboolean ending;
};

/* One job and who waits for it. */
struct EstTicket
{
  EstWriterJob run;
  gpointer data;
  GCond done;
  gboolean finished;
  GError *error;
};

/* Each job stands on a savepoint: one that fails must not take its neighbours along. */
static void
run_job (EstDatabase *database, EstTicket *job)
{
  if (!est_database_run (database, &job->error, "SAVEPOINT job", ""))
    return;
  gboolean good = job->run (database, job->data, &job->error);
  if (!good)
    est_database_run (database, NULL, "ROLLBACK TO job", "");
  est_database_run (database, good ? &job->error : NULL, "RELEASE job", "");
}

static void
fail_all (GQueue *batch, const GError *error)
{
  for (GList *link = batch->head; link != NULL; link = link->next)
    {
      EstTicket *job = link->data;
      if (job->error == NULL)
        job->error = g_error_copy (error);
    }
}

/* Stops at a transaction that SQLite has ended: a job that ran outside it would be stored
   although the whole batch is reported as failed. The COMMIT then fails, and says why. */
static void
run_jobs (EstDatabase *database, GQueue *batch)
{
  for (GList *link = batch->head; link != NULL; link = link->next)
    {
      run_job (database, link->data);
      if (!est_database_in_transaction (database))
        return;
    }
}

static void
run_batch (EstDatabase *database, GQueue *batch)
{
  g_autoptr (GError) error = NULL;
  if (est_database_run (database, &error, "BEGIN IMMEDIATE", ""))
    {
      run_jobs (database, batch);
      est_database_run (database, &error, "COMMIT", "");
    }
  if (error == NULL)
    return;
  /* A failed COMMIT may have left it open. */
  est_database_run (database, NULL, "ROLLBACK", "");
  fail_all (batch, error);
}

/* After some seconds without work: give free pages back to the file system, step by step
   so that a message that arrives does not wait, and empty the WAL. TRUE while more is
   left. */
static gboolean
tidy (EstWriter *writer)
{
  EstDatabase *database = writer->database;
  gint64 pages = 0;
  if (writer->chore != NULL && writer->chore (database, writer->chore_data))
    return TRUE;
  est_database_number (database, &pages, 0, NULL, "PRAGMA freelist_count", "");
  if (pages > 0)
    est_database_script (
      database, "PRAGMA incremental_vacuum(" G_STRINGIFY (PAGES_PER_TIDYING) ")", NULL);
  if (pages > PAGES_PER_TIDYING)
    return TRUE;
  est_database_script (database, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
  return FALSE;
}

/* Waits for work with the mutex held; tidies once after each spell of work. */
static void
wait_for_work (EstWriter *writer, gboolean *tidied)
{
  gint64 until = g_get_monotonic_time () + IDLE_BEFORE_TIDYING;
  while (g_queue_is_empty (&writer->queue) && !writer->ending)
    {
      if (*tidied)
        g_cond_wait (&writer->work, &writer->mutex);
      else if (!g_cond_wait_until (&writer->work, &writer->mutex, until))
        {
          g_mutex_unlock (&writer->mutex);
          *tidied = !tidy (writer);
          g_mutex_lock (&writer->mutex);
        }
    }
}

static void
finish (EstTicket *job)
{
  job->finished = TRUE;
  g_cond_signal (&job->done);
}

static void
wake_callers (EstWriter *writer, GQueue *batch)
{
  g_mutex_lock (&writer->mutex);
  for (GList *link = batch->head; link != NULL; link = link->next)
    finish (link->data);
  g_mutex_unlock (&writer->mutex);
}

static gpointer
write_until_end (gpointer data)
{
  EstWriter *writer = data;
  gboolean tidied = FALSE;
  g_mutex_lock (&writer->mutex);
  for (;;)
    {
      wait_for_work (writer, &tidied);
      if (g_queue_is_empty (&writer->queue))
        break;
      tidied = FALSE;
      GQueue batch = writer->queue;
      g_queue_init (&writer->queue);
      g_mutex_unlock (&writer->mutex);

      run_batch (writer->database, &batch);
      wake_callers (writer, &batch);
      g_queue_clear (&batch); /* the jobs themselves are their callers' */
      g_mutex_lock (&writer->mutex);
    }
  g_mutex_unlock (&writer->mutex);
  return NULL;
}

EstWriter *
est_writer_new (EstDatabase *database, EstWriterChore chore, gpointer data)
{
  EstWriter *writer = g_new0 (EstWriter, 1);
  writer->database = database;
  writer->chore = chore;
  writer->chore_data = data;
  g_mutex_init (&writer->mutex);
  g_cond_init (&writer->work);
  g_queue_init (&writer->queue);
  writer->thread = g_thread_new ("outbox-writer", write_until_end, writer);
  return writer;
}

void
est_writer_free (EstWriter *writer)
{
  if (writer == NULL)
    return;
  g_mutex_lock (&writer->mutex);
  writer->ending = TRUE;
  g_cond_signal (&writer->work);
  g_mutex_unlock (&writer->mutex);
  g_thread_join (writer->thread);

  est_database_close (writer->database);
  g_mutex_clear (&writer->mutex);
  g_cond_clear (&writer->work);
  g_free (writer);
}

EstTicket *
est_writer_begin (EstWriter *writer, EstWriterJob job, gpointer data)
{
  EstTicket *ticket = g_new0 (EstTicket, 1);
  ticket->run = job;
  ticket->data = data;
  g_cond_init (&ticket->done);
  g_mutex_lock (&writer->mutex);
  g_queue_push_tail (&writer->queue, ticket);
  g_cond_signal (&writer->work);
  g_mutex_unlock (&writer->mutex);
  return ticket;
}

gboolean
est_writer_end (EstWriter *writer, EstTicket *ticket, GError **error)
{
  g_mutex_lock (&writer->mutex);
  while (!ticket->finished)
    g_cond_wait (&ticket->done, &writer->mutex);
  g_mutex_unlock (&writer->mutex);

  GError *trouble = ticket->error;
  g_cond_clear (&ticket->done);
  g_free (ticket);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

gboolean
est_writer_run (EstWriter *writer, EstWriterJob job, gpointer data, GError **error)
{
  return est_writer_end (writer, est_writer_begin (writer, job, data), error);
}
