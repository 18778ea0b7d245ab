/* Group commit. */
#include "outbox/writer.h"

#define IDLE_BEFORE_TIDYING (5 * G_USEC_PER_SEC)
/* What nobody waits for yet waits itself, for a job that needs a flush anyway. Short:
   until it is stored a crash would leave doubt where there is none. */
#define LONGEST_LINGERING 3000 /* microseconds */

#define SHORTEST_WAIT 1000 /* microseconds, between two steps of tidying */

/* Some 30 ms: a caller that comes meanwhile waits no longer. */
#define PAGES_PER_TIDYING 1000

struct EstWriter
{
  EstDatabase *database;
  EstWriterChore chore;
  gpointer chore_data;
  GThread *thread;
  GMutex mutex; /* guards what is below */
  GCond work;   /* for the thread: there is something for it to do */
  GQueue queue;
  gboolean busy;   /* somebody uses the database */
  gboolean tidied; /* since the last work */
  gint64 last_work;
  gboolean ending;
};

/* One job and who waits for it. */
struct EstTicket
{
  EstWriterJob run;
  gpointer data;
  GCond done;
  gint64 begun;
  gboolean awaited; /* somebody waits on @done just now */
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

static void
finish (EstTicket *job)
{
  job->finished = TRUE;
  g_cond_signal (&job->done);
}

static void
finish_all (GQueue *batch)
{
  for (GList *link = batch->head; link != NULL; link = link->next)
    finish (link->data);
  g_queue_clear (batch); /* the jobs themselves are their callers' */
}

/* Somebody has to run what was queued: whoever waits for the first of it, else the
   thread. */
static void
call_next (EstWriter *writer)
{
  EstTicket *first = g_queue_peek_head (&writer->queue);
  if (first == NULL && !writer->tidied)
    return;
  writer->tidied = FALSE;
  g_cond_signal (first != NULL && first->awaited ? &first->done : &writer->work);
}

/* Runs everything that is queued, in one transaction. Called and left with the mutex
   held, and only while nobody else uses the database. */
static void
lead (EstWriter *writer)
{
  GQueue batch = writer->queue;
  g_queue_init (&writer->queue);
  writer->busy = TRUE;
  g_mutex_unlock (&writer->mutex);
  run_batch (writer->database, &batch);
  g_mutex_lock (&writer->mutex);
  writer->busy = FALSE;
  writer->last_work = g_get_monotonic_time ();
  finish_all (&batch);
  call_next (writer);
}

/* With the mutex held. */
static void
tidy_unless_busy (EstWriter *writer)
{
  if (g_get_monotonic_time () < writer->last_work + IDLE_BEFORE_TIDYING)
    return;
  writer->busy = TRUE;
  g_mutex_unlock (&writer->mutex);
  gboolean more = tidy (writer);
  g_mutex_lock (&writer->mutex);
  writer->busy = FALSE;
  writer->tidied = !more;
  if (!g_queue_is_empty (&writer->queue))
    call_next (writer);
}

/* Nobody wakes the thread for the end of work that others do: it looks again by itself
   until it has tidied up behind them. */
static void
wait_for_work (EstWriter *writer)
{
  gint64 now = g_get_monotonic_time ();
  gint64 until = MAX (writer->last_work + IDLE_BEFORE_TIDYING, now + SHORTEST_WAIT);
  if (writer->tidied)
    g_cond_wait (&writer->work, &writer->mutex);
  else if (!g_cond_wait_until (&writer->work, &writer->mutex, until) && !writer->busy
           && g_queue_is_empty (&writer->queue))
    tidy_unless_busy (writer);
}

/* When the first of what is queued has lingered for long enough. */
static gint64
due_time (EstWriter *writer)
{
  const EstTicket *first = g_queue_peek_head (&writer->queue);
  return first->awaited || writer->ending ? 0 : first->begun + LONGEST_LINGERING;
}

static void
lead_when_due (EstWriter *writer)
{
  gint64 due = due_time (writer);
  if (g_get_monotonic_time () >= due)
    lead (writer);
  else
    g_cond_wait_until (&writer->work, &writer->mutex, due);
}

/* Runs what nobody waits for, and tidies after each spell of work. */
static gpointer
write_until_end (gpointer data)
{
  EstWriter *writer = data;
  g_mutex_lock (&writer->mutex);
  while (!writer->ending || writer->busy || !g_queue_is_empty (&writer->queue))
    if (!writer->busy && !g_queue_is_empty (&writer->queue))
      lead_when_due (writer);
    else
      wait_for_work (writer);
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
  writer->last_work = g_get_monotonic_time ();
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

static EstTicket *
new_ticket (EstWriterJob job, gpointer data)
{
  EstTicket *ticket = g_new0 (EstTicket, 1);
  ticket->run = job;
  ticket->data = data;
  ticket->begun = g_get_monotonic_time ();
  g_cond_init (&ticket->done);
  return ticket;
}

EstTicket *
est_writer_begin (EstWriter *writer, EstWriterJob job, gpointer data)
{
  EstTicket *ticket = new_ticket (job, data);
  g_mutex_lock (&writer->mutex);
  g_queue_push_tail (&writer->queue, ticket);
  if (!writer->busy)
    call_next (writer);
  g_mutex_unlock (&writer->mutex);
  return ticket;
}

/* Whoever waits anyway does the work himself if nobody else is at it: a change of threads
   costs more than most jobs. With the mutex held. */
static void
await (EstWriter *writer, EstTicket *ticket)
{
  ticket->awaited = TRUE;
  while (!ticket->finished)
    if (writer->busy)
      g_cond_wait (&ticket->done, &writer->mutex);
    else
      lead (writer);
}

static gboolean
free_ticket (EstTicket *ticket, GError **error)
{
  GError *trouble = ticket->error;
  g_cond_clear (&ticket->done);
  g_free (ticket);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

gboolean
est_writer_end (EstWriter *writer, EstTicket *ticket, GError **error)
{
  g_mutex_lock (&writer->mutex);
  await (writer, ticket);
  g_mutex_unlock (&writer->mutex);
  return free_ticket (ticket, error);
}

gboolean
est_writer_run (EstWriter *writer, EstWriterJob job, gpointer data, GError **error)
{
  EstTicket *ticket = new_ticket (job, data);
  g_mutex_lock (&writer->mutex);
  g_queue_push_tail (&writer->queue, ticket);
  await (writer, ticket);
  g_mutex_unlock (&writer->mutex);
  return free_ticket (ticket, error);
}
