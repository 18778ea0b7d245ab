/* Flags behind a mutex. */
#include "dispatcher/reins.h"

void
est_reins_init (EstReins *reins)
{
  g_mutex_init (&reins->mutex);
  g_cond_init (&reins->settled);
  reins->cancellable = g_cancellable_new ();
}

void
est_reins_clear (EstReins *reins)
{
  g_object_unref (reins->cancellable);
  g_mutex_clear (&reins->mutex);
  g_cond_clear (&reins->settled);
}

gboolean
est_reins_is_stopping (EstReins *reins)
{
  g_mutex_lock (&reins->mutex);
  gboolean stopping = reins->stopping;
  g_mutex_unlock (&reins->mutex);
  return stopping;
}

void
est_reins_set_in_doubt (EstReins *reins, gboolean in_doubt)
{
  g_mutex_lock (&reins->mutex);
  reins->in_doubt = in_doubt ? reins->in_doubt + 1 : reins->in_doubt - 1;
  g_cond_broadcast (&reins->settled);
  g_mutex_unlock (&reins->mutex);
}

/* Not cut short by a message that is called back: what is to be noted is about another.
 */
gboolean
est_reins_rest (EstReins *reins, guint milliseconds)
{
  gint64 until = g_get_monotonic_time () + (gint64) milliseconds * 1000;
  g_mutex_lock (&reins->mutex);
  while (!reins->ending && g_cond_wait_until (&reins->settled, &reins->mutex, until))
    ;
  gboolean ending = reins->ending;
  g_mutex_unlock (&reins->mutex);
  return !ending;
}

void
est_reins_stop (EstReins *reins)
{
  g_mutex_lock (&reins->mutex);
  reins->stopping = TRUE;
  g_mutex_unlock (&reins->mutex);
}

/* An answer that is under way is waited for: without it the message would be in doubt,
   and sent again. */
void
est_reins_end (EstReins *reins, gint64 until)
{
  g_mutex_lock (&reins->mutex);
  reins->stopping = TRUE;
  while (reins->in_doubt > 0 && g_cond_wait_until (&reins->settled, &reins->mutex, until))
    ;
  reins->ending = TRUE;
  g_cond_broadcast (&reins->settled);
  g_mutex_unlock (&reins->mutex);
  g_cancellable_cancel (reins->cancellable);
}
