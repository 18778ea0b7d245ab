/* What the outbox knows of budgets: what was spent, what was learnt, what is to be spent
   next. */
#include "base/clock.h"
#include "outbox/door.h"
#include "outbox/turn.h"

GPtrArray *
est_outbox_spent (EstOutbox *outbox, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GPtrArray *spent = est_spent_load (outbox->reader, error);
  g_mutex_unlock (&outbox->mutex);
  return spent;
}

GPtrArray *
est_outbox_lessons (EstOutbox *outbox, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GPtrArray *lessons = est_lesson_load_all (outbox->reader, error);
  g_mutex_unlock (&outbox->mutex);
  return lessons;
}

static gboolean
store_lesson (EstDatabase *database, gpointer data, GError **error)
{
  return est_lesson_store (database, data, error);
}

gboolean
est_outbox_learn (EstOutbox *outbox, const EstLesson *lesson, GError **error)
{
  return est_writer_run (outbox->writer, store_lesson, (gpointer) lesson, error);
}

GArray *
est_outbox_queue (EstOutbox *outbox, const char *account, guint limit)
{
  g_autoptr (GError) error = NULL;
  g_mutex_lock (&outbox->mutex);
  GArray *queue = est_turn_queue (outbox->reader, account, outbox->claims,
                                  est_clock_now (), limit, &error);
  g_mutex_unlock (&outbox->mutex);
  if (queue == NULL)
    g_warning ("cannot see what waits for %s: %s", account, error->message);
  return queue != NULL ? queue : g_array_new (FALSE, FALSE, sizeof (EstNext));
}
