/* A thread, because it waits for a commit. */
#include "dispatcher/retries.h"

struct EstRetries
{
  EstOutbox *outbox;
  gint64 latest;
  GThread *thread; /* NULL: never begun */
};

EstRetries *
est_retries_new (EstOutbox *outbox)
{
  EstRetries *retries = g_new0 (EstRetries, 1);
  retries->outbox = g_object_ref (outbox);
  return retries;
}

static void
await_thread (EstRetries *retries)
{
  g_clear_pointer (&retries->thread, g_thread_join);
}

void
est_retries_free (EstRetries *retries)
{
  if (retries == NULL)
    return;
  await_thread (retries);
  g_object_unref (retries->outbox);
  g_free (retries);
}

static gpointer
bound (gpointer data)
{
  const EstRetries *retries = data;
  g_autoptr (GError) error = NULL;
  if (!est_outbox_bound_retries (retries->outbox, retries->latest, &error))
    g_warning ("retries could not be brought forward: %s", error->message);
  return NULL;
}

void
est_retries_bound (EstRetries *retries, gint64 latest)
{
  await_thread (retries);
  retries->latest = latest;
  retries->thread = g_thread_new ("retries", bound, retries);
}
