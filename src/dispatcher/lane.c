/* Lanes of accounts. */
#include "dispatcher/lane.h"

#include "base/clock.h"
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

static void
run_clock (EstLane *lane)
{
  gboolean runs = lane->pause == NULL && !lane->halted;
  est_stint_set (&lane->stint, runs, g_get_monotonic_time ());
}

EstLane *
est_lane_get (GHashTable *lanes, EstOutbox *outbox, const char *account)
{
  EstLane *lane = g_hash_table_lookup (lanes, account);
  if (lane == NULL)
    {
      lane = g_new0 (EstLane, 1);
      lane->stint = est_stint_begin (est_outbox_lane_time (outbox, account));
      run_clock (lane);
      g_hash_table_insert (lanes, g_strdup (account), lane);
    }
  return lane;
}

void
est_lane_set_pause (EstLane *lane, EstPause *pause)
{
  est_pause_free (lane->pause);
  lane->pause = pause;
  run_clock (lane);
}

void
est_lane_set_halted (EstLane *lane, gboolean halted)
{
  if (lane->halted == halted)
    return;
  lane->halted = halted;
  run_clock (lane);
  if (halted && lane->worker != NULL)
    est_worker_finish (lane->worker);
  if (halted && lane->express != NULL)
    est_worker_finish (lane->express);
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
      EstLane *lane = est_lane_get (lanes, outbox, pause->account);
      est_lane_set_pause (lane, est_pause_copy (pause));
    }
}

static void
keep_clock (const EstLane *lane, EstOutbox *outbox, const char *account)
{
  g_autoptr (GError) error = NULL;
  gint64 shows = est_stint_time (&lane->stint, g_get_monotonic_time ());
  if (!est_outbox_keep_lane_time (outbox, account, shows, &error))
    g_warning ("the clock of %s could not be kept: %s", account, error->message);
}

void
est_lanes_stop (GHashTable *lanes, EstOutbox *outbox)
{
  GHashTableIter iterator;
  gpointer name, value;
  g_hash_table_iter_init (&iterator, lanes);
  while (g_hash_table_iter_next (&iterator, &name, &value))
    {
      EstLane *lane = value;
      g_clear_pointer (&lane->express, est_worker_stop);
      g_clear_pointer (&lane->worker, est_worker_stop);
      keep_clock (lane, outbox, name);
    }
}

gint64
est_lane_due (const EstLane *lane, EstOutbox *outbox, const char *account)
{
  if (lane->halted || lane->worker != NULL)
    return G_MAXINT64;
  gboolean rests = lane->pause != NULL && !lane->probe;
  if (rests && lane->pause->retry > est_clock_now ())
    return lane->pause->retry;
  return est_outbox_next_due (outbox, account, G_MAXUINT64);
}

gint64
est_lane_express_due (const EstLane *lane, EstOutbox *outbox, const char *account)
{
  gboolean useful = !lane->halted && lane->worker != NULL && lane->express == NULL
                    && !lane->no_express && lane->pause == NULL
                    && est_worker_is_loaded (lane->worker);
  return useful ? est_outbox_next_due (outbox, account, EST_WORKER_LETTER) : G_MAXINT64;
}

void
est_lane_bound_pause (EstLane *lane, const EstSettings *settings, gint64 now)
{
  guint longest = settings->delivery.longest_retry_seconds;
  if (lane->pause != NULL)
    lane->pause->retry = est_patience_bound (lane->pause->retry, now, longest);
}
