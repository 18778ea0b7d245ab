/* Lanes of accounts. */
#include "dispatcher/lane.h"

#include "dispatcher/patience.h"

static void
free_lane (gpointer data)
{
  EstLane *lane = data;
  est_pause_free (lane->pause);
  g_free (lane);
}

GHashTable *
est_lanes_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_lane);
}

EstLane *
est_lane_get (GHashTable *lanes, const char *account)
{
  EstLane *lane = g_hash_table_lookup (lanes, account);
  if (lane == NULL)
    {
      lane = g_new0 (EstLane, 1);
      g_hash_table_insert (lanes, g_strdup (account), lane);
    }
  return lane;
}

void
est_lanes_load (GHashTable *lanes, EstOutbox *outbox)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pauses = est_outbox_pauses (outbox, &error);
  if (pauses == NULL)
    {
      g_warning ("pauses could not be read: %s", error->message);
      return;
    }
  for (guint i = 0; i < pauses->len; i++)
    {
      const EstPause *pause = g_ptr_array_index (pauses, i);
      est_lane_get (lanes, pause->account)->pause = est_pause_copy (pause);
    }
}

void
est_lanes_stop (GHashTable *lanes)
{
  GHashTableIter iterator;
  gpointer value;
  g_hash_table_iter_init (&iterator, lanes);
  while (g_hash_table_iter_next (&iterator, NULL, &value))
    {
      EstLane *lane = value;
      g_clear_pointer (&lane->worker, est_worker_stop);
    }
}

gint64
est_lane_due (const EstLane *lane, EstOutbox *outbox, const char *account)
{
  gint64 due = est_outbox_next_due (outbox, account);
  if (due == G_MAXINT64 || lane->pause == NULL || lane->probe)
    return due;
  return MAX (due, lane->pause->retry);
}

void
est_lane_bound_pause (EstLane *lane, const EstSettings *settings, gint64 now)
{
  guint longest = settings->delivery.longest_retry_seconds;
  if (lane->pause != NULL)
    lane->pause->retry = est_patience_bound (lane->pause->retry, now, longest);
}
