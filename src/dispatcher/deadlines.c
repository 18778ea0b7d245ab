/* A look at the outbox's index, and a thread where something is late. */
#include "dispatcher/deadlines.h"

#include "base/clock.h"

#define REST_USEC G_TIME_SPAN_MINUTE /* after a store that could not be written */

struct EstDeadlines
{
  EstOutbox *outbox;
  void (*done) (gpointer data);
  gpointer data;
  GMainContext *context;
  GThread *thread;  /* NULL: nothing is being written */
  GSource *news;    /* that it has ended; owned by the thread until it is joined */
  gboolean failed;  /* the thread could not; read after it was joined */
  gint64 not_again; /* before that time */
};

EstDeadlines *
est_deadlines_new (EstOutbox *outbox, void (*done) (gpointer data), gpointer data)
{
  EstDeadlines *deadlines = g_new0 (EstDeadlines, 1);
  deadlines->outbox = g_object_ref (outbox);
  deadlines->done = done;
  deadlines->data = data;
  deadlines->context = g_main_context_ref_thread_default ();
  return deadlines;
}

static void
await_thread (EstDeadlines *deadlines)
{
  g_clear_pointer (&deadlines->thread, g_thread_join);
  if (deadlines->news != NULL)
    g_source_destroy (deadlines->news);
  g_clear_pointer (&deadlines->news, g_source_unref);
}

void
est_deadlines_free (EstDeadlines *deadlines)
{
  if (deadlines == NULL)
    return;
  await_thread (deadlines);
  g_main_context_unref (deadlines->context);
  g_object_unref (deadlines->outbox);
  g_free (deadlines);
}

static gboolean
on_ended (gpointer data)
{
  EstDeadlines *deadlines = data;
  await_thread (deadlines);
  deadlines->not_again = deadlines->failed ? est_clock_now () + REST_USEC : 0;
  deadlines->done (deadlines->data);
  return G_SOURCE_REMOVE;
}

/* A thread, because it waits for a commit. */
static gpointer
fail_late (gpointer data)
{
  EstDeadlines *deadlines = data;
  g_autoptr (GError) error = NULL;
  deadlines->failed = !est_outbox_fail_late (deadlines->outbox, &error);
  if (deadlines->failed)
    g_warning ("late mail could not be given up: %s", error->message);
  deadlines->news = g_idle_source_new ();
  g_source_set_priority (deadlines->news, G_PRIORITY_DEFAULT);
  g_source_set_callback (deadlines->news, on_ended, deadlines, NULL);
  g_source_attach (deadlines->news, deadlines->context);
  return NULL;
}

/* A clock that was set back must not make the rest after a failure longer. */
static gboolean
is_resting (EstDeadlines *deadlines, gint64 now)
{
  deadlines->not_again = MIN (deadlines->not_again, now + REST_USEC);
  return deadlines->not_again > now;
}

gint64
est_deadlines_plan (EstDeadlines *deadlines, gint64 now)
{
  if (deadlines->thread != NULL)
    return G_MAXINT64;
  gint64 late = est_outbox_next_late (deadlines->outbox);
  if (is_resting (deadlines, now))
    return MAX (late, deadlines->not_again);
  if (late > now)
    return late;
  deadlines->thread = g_thread_new ("late-mail", fail_late, deadlines);
  return G_MAXINT64;
}
