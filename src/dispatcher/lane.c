/* Lanes of accounts. */
#include "dispatcher/lane.h"

#include "base/clock.h"
#include "dispatcher/patience.h"

#define GRACE_USEC (3 * G_USEC_PER_SEC)

static void
free_lane (gpointer data)
{
  EstLane *lane = data;
  est_pause_free (lane->pause);
  g_ptr_array_unref (lane->workers);
  est_crew_unref (lane->crew);
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
      lane->crew = est_crew_new ();
      lane->workers = g_ptr_array_new ();
      lane->stint = est_stint_begin (est_outbox_lane_time (outbox, account));
      run_clock (lane);
      g_hash_table_insert (lanes, g_strdup (account), lane);
    }
  return lane;
}

static void
finish_workers (EstLane *lane)
{
  for (guint i = 0; i < lane->workers->len; i++)
    est_worker_finish (g_ptr_array_index (lane->workers, i));
}

void
est_lane_set_pause (EstLane *lane, EstPause *pause)
{
  est_pause_free (lane->pause);
  lane->pause = pause;
  run_clock (lane);
  if (pause != NULL)
    finish_workers (lane);
}

void
est_lane_set_halted (EstLane *lane, gboolean halted)
{
  if (lane->halted == halted)
    return;
  lane->halted = halted;
  run_clock (lane);
  if (halted)
    finish_workers (lane);
}

void
est_lane_renew (EstLane *lane)
{
  finish_workers (lane);
}

void
est_lane_reconnect (EstLane *lane)
{
  est_crew_send_home (lane->crew);
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

static void
stop_workers (EstLane *lane, gint64 until)
{
  for (guint i = 0; i < lane->workers->len; i++)
    est_worker_stop (g_ptr_array_index (lane->workers, i), until);
  g_ptr_array_set_size (lane->workers, 0);
}

/* All have the same three seconds. */
void
est_lanes_stop (GHashTable *lanes, EstOutbox *outbox)
{
  GHashTableIter iterator;
  gpointer name, value;
  gint64 until = g_get_monotonic_time () + GRACE_USEC;
  g_hash_table_iter_init (&iterator, lanes);
  while (g_hash_table_iter_next (&iterator, NULL, &value))
    finish_workers (value);
  g_hash_table_iter_init (&iterator, lanes);
  while (g_hash_table_iter_next (&iterator, &name, &value))
    {
      stop_workers (value, until);
      keep_clock (value, outbox, name);
    }
}

/* A pause is probed by one worker alone. */
gint64
est_lane_due (const EstLane *lane, EstOutbox *outbox, const char *account)
{
  if (lane->halted || (lane->pause != NULL && lane->workers->len > 0))
    return G_MAXINT64;
  gboolean rests = lane->pause != NULL && !lane->probe;
  if (rests && lane->pause->retry > est_clock_now ())
    return lane->pause->retry;
  EstMuster muster = est_crew_muster (lane->crew);
  return est_outbox_next_due (outbox, account, est_muster_reach (&muster));
}

/* Nobody counts what is due while that decides nothing. */
gboolean
est_lane_wants_worker (const EstLane *lane, EstOutbox *outbox, const char *account)
{
  EstMuster muster = est_crew_muster (lane->crew);
  guint enough = est_muster_enough (&muster);
  if (muster.idle == 0 && !est_muster_wants_another (&muster, enough))
    return FALSE;
  guint backlog
    = est_outbox_count_due (outbox, account, est_muster_reach (&muster), enough);
  est_crew_call (lane->crew, backlog);
  return est_muster_wants_another (&muster, backlog);
}

void
est_lane_bound_pause (EstLane *lane, const EstSettings *settings, gint64 now)
{
  guint longest = settings->delivery.longest_retry_seconds;
  if (lane->pause != NULL)
    lane->pause->retry = est_patience_bound (lane->pause->retry, now, longest);
}
