/* The thread sleeps on a condition, so that a call which ends in time ends it at once. */
#include "account/limit.h"

struct EstLimit
{
  GMutex mutex;
  GCond over; /* @done was set */
  gboolean done;
  gboolean passed;
  gint64 until; /* monotonic */
  GCancellable *cancellable;
  GCancellable *parent;
  gulong chain;
  GThread *thread;
};

static gpointer
wait_and_ring (gpointer data)
{
  EstLimit *limit = data;
  g_mutex_lock (&limit->mutex);
  gboolean waiting = TRUE;
  while (!limit->done && waiting)
    waiting = g_cond_wait_until (&limit->over, &limit->mutex, limit->until);
  gboolean ring = limit->passed = !limit->done;
  g_mutex_unlock (&limit->mutex);

  if (ring)
    g_cancellable_cancel (limit->cancellable);
  return NULL;
}

static void
on_parent_cancelled (GCancellable *parent, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

EstLimit *
est_limit_new (guint seconds, GCancellable *parent)
{
  EstLimit *limit = g_new0 (EstLimit, 1);
  g_mutex_init (&limit->mutex);
  g_cond_init (&limit->over);
  limit->until = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  limit->cancellable = g_cancellable_new ();
  limit->thread = g_thread_new ("limit", wait_and_ring, limit);
  if (parent != NULL)
    {
      limit->parent = g_object_ref (parent);
      limit->chain
        = g_cancellable_connect (parent, G_CALLBACK (on_parent_cancelled),
                                 g_object_ref (limit->cancellable), g_object_unref);
    }
  return limit;
}

void
est_limit_free (EstLimit *limit)
{
  if (limit == NULL)
    return;
  g_mutex_lock (&limit->mutex);
  limit->done = TRUE;
  g_cond_signal (&limit->over);
  g_mutex_unlock (&limit->mutex);
  g_thread_join (limit->thread);

  if (limit->parent != NULL)
    g_cancellable_disconnect (limit->parent, limit->chain);
  g_clear_object (&limit->parent);
  g_object_unref (limit->cancellable);
  g_cond_clear (&limit->over);
  g_mutex_clear (&limit->mutex);
  g_free (limit);
}

GCancellable *
est_limit_get_cancellable (EstLimit *limit)
{
  return limit->cancellable;
}

gboolean
est_limit_has_passed (EstLimit *limit)
{
  g_mutex_lock (&limit->mutex);
  gboolean passed = limit->passed;
  g_mutex_unlock (&limit->mutex);
  return passed;
}
