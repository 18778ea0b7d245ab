/* A thread of its own waits for the signals: the main one sits in calls that nothing else
   ends. */
#include "cli/interrupt.h"

#include <glib-unix.h>
#include <signal.h>

static const int watched[] = {SIGINT, SIGTERM, SIGHUP};

static GCancellable *cancellable; /* NULL: nothing is watched */
static int came;                  /* atomic: the first of them; 0: none */

gboolean
est_interrupt_take (int number)
{
  gboolean mine = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    mine = mine || watched[i] == number;
  if (cancellable == NULL || !mine)
    return FALSE;
  g_atomic_int_compare_and_exchange (&came, 0, number);
  g_cancellable_cancel (cancellable);
  return TRUE;
}

static gboolean
on_signal (gpointer number)
{
  est_interrupt_take (GPOINTER_TO_INT (number));
  return G_SOURCE_CONTINUE;
}

static gpointer
wait_for_signals (gpointer context)
{
  for (;;)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

GCancellable *
est_interrupt_watch (void)
{
  if (cancellable != NULL)
    return cancellable;
  cancellable = g_cancellable_new ();
  GMainContext *context = g_main_context_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      g_autoptr (GSource) source = g_unix_signal_source_new (watched[i]);
      g_source_set_callback (source, on_signal, GINT_TO_POINTER (watched[i]), NULL);
      g_source_attach (source, context);
    }
  signal (SIGPIPE, SIG_IGN);
  g_thread_unref (g_thread_new ("signals", wait_for_signals, context));
  return cancellable;
}

void
est_interrupt_end (void)
{
  int number = g_atomic_int_get (&came);
  if (number == 0)
    return;
  signal (number, SIG_DFL);
  raise (number);
}
