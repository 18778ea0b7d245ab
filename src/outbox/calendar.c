/* What the calendar does to messages that wait, whoever has their account in hand. */
#include "base/clock.h"
#include "outbox/door.h"
#include "outbox/late.h"
#include "outbox/upkeep.h"

#define LATE_AT_ONCE 500 /* in one commit: others wait for it */

/* Keeps of @ids those nobody has in hand, and keeps workers from them until
   est_door_let_go(). With the mutex held. */
static void
take_free (EstOutbox *outbox, GArray *ids)
{
  for (guint i = ids->len; i-- > 0;)
    if (est_claims_is_spoken_for (outbox->claims, g_array_index (ids, gint64, i)))
      g_array_remove_index (ids, i);
  est_claims_want (outbox->claims, (const gint64 *) ids->data, ids->len);
  est_claims_try_hold (outbox->claims, (const gint64 *) ids->data, ids->len);
}

static GArray *
take_old (EstOutbox *outbox, const char *account, gint64 before, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GArray *ids = est_upkeep_find_old (outbox->reader, account, before, error);
  if (ids != NULL)
    take_free (outbox, ids);
  g_mutex_unlock (&outbox->mutex);
  return ids;
}

static void
tell_all (EstOutbox *outbox, gint64 stamp, const GArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    est_door_remember (outbox, stamp, g_array_index (changes, EstChange, i).id);
  est_door_tell_all (outbox, changes);
}

static void
tell_held (EstOutbox *outbox, const EstOldOnes *old_ones)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (EstChange));
  for (guint i = 0; i < old_ones->ids->len; i++)
    {
      EstChange change
        = {g_array_index (old_ones->ids, gint64, i), EST_STATE_WAITING, EST_STATE_HELD};
      g_array_append_val (changes, change);
    }
  tell_all (outbox, old_ones->stamp, changes);
}

gboolean
est_outbox_hold_old (EstOutbox *outbox,
                     const char *account,
                     gint64 before,
                     GError **error)
{
  g_autoptr (GArray) ids = take_old (outbox, account, before, error);
  if (ids == NULL)
    return FALSE;
  EstOldOnes old_ones = {ids, est_door_stamp (outbox), est_clock_now ()};
  gboolean good = est_writer_run (outbox->writer, est_upkeep_hold_old, &old_ones, error);
  est_door_let_go (outbox, ids);
  if (good)
    tell_held (outbox, &old_ones);
  return good;
}

static GArray *
find_late (EstOutbox *outbox, gint64 latest, guint limit, GError **error)
{
  return est_late_find (outbox->reader, outbox->claims, latest, limit, error);
}

gint64
est_outbox_next_late (EstOutbox *outbox)
{
  g_autoptr (GError) error = NULL;
  g_mutex_lock (&outbox->mutex);
  g_autoptr (GArray) first = find_late (outbox, G_MAXINT64, 1, &error);
  g_mutex_unlock (&outbox->mutex);
  if (first == NULL)
    g_warning ("cannot see what is late: %s", error->message);
  return first != NULL && first->len > 0 ? g_array_index (first, EstLateOne, 0).hour
                                         : G_MAXINT64;
}

static GArray *
take_late (EstOutbox *outbox, gint64 now, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  g_autoptr (GArray) found = find_late (outbox, now, LATE_AT_ONCE, error);
  GArray *ids = found != NULL ? g_array_new (FALSE, FALSE, sizeof (gint64)) : NULL;
  for (guint i = 0; found != NULL && i < found->len; i++)
    g_array_append_val (ids, g_array_index (found, EstLateOne, i).id);
  if (ids != NULL)
    take_free (outbox, ids);
  g_mutex_unlock (&outbox->mutex);
  return ids;
}

/* @more: whether there may be others. */
static gboolean
fail_some (EstOutbox *outbox, gboolean *more, GError **error)
{
  gint64 now = est_clock_now ();
  g_autoptr (GArray) ids = take_late (outbox, now, error);
  if (ids == NULL)
    return FALSE;
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (EstChange));
  EstLateOnes late_ones = {ids, est_door_stamp (outbox), now, changes};
  gboolean good
    = ids->len == 0 || est_writer_run (outbox->writer, est_late_fail, &late_ones, error);
  est_door_let_go (outbox, ids);
  if (good)
    tell_all (outbox, late_ones.stamp, changes);
  if (changes->len < ids->len)
    est_door_tell_rearranged (outbox); /* they were left out of plans meanwhile */
  *more = ids->len == LATE_AT_ONCE;
  return good;
}

gboolean
est_outbox_fail_late (EstOutbox *outbox, GError **error)
{
  for (gboolean more = TRUE; more;)
    if (!fail_some (outbox, &more, error))
      return FALSE;
  return TRUE;
}

gboolean
est_outbox_bound_retries (EstOutbox *outbox, gint64 latest, GError **error)
{
  if (!est_writer_run (outbox->writer, est_upkeep_bound_retries, &latest, error))
    return FALSE;
  est_door_tell_rearranged (outbox);
  return TRUE;
}
