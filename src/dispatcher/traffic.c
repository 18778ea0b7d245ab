/* Lanes, and the workers on them. */
#include "dispatcher/traffic.h"

#include "account/acquaintance.h"
#include "account/providers.h"
#include "dispatcher/lane.h"

struct EstTraffic
{
  EstOutbox *outbox;
  EstCredentials *credentials;
  EstBook *book;
  EstTrafficListener listener;
  GHashTable *lanes; /* account name -> EstLane */
};

EstTraffic *
est_traffic_new (EstOutbox *outbox,
                 EstCredentials *credentials,
                 EstBook *book,
                 const EstTrafficListener *listener)
{
  EstTraffic *traffic = g_new0 (EstTraffic, 1);
  traffic->outbox = g_object_ref (outbox);
  traffic->credentials = g_object_ref (credentials);
  traffic->book = book;
  traffic->listener = *listener;
  traffic->lanes = est_lanes_new ();
  est_lanes_load (traffic->lanes, outbox);
  return traffic;
}

void
est_traffic_free (EstTraffic *traffic)
{
  g_hash_table_unref (traffic->lanes);
  g_object_unref (traffic->credentials);
  g_object_unref (traffic->outbox);
  g_free (traffic);
}

void
est_traffic_stop (EstTraffic *traffic)
{
  est_lanes_stop (traffic->lanes, traffic->outbox);
}

static EstLane *
get_lane (EstTraffic *traffic, const char *account)
{
  return est_lane_get (traffic->lanes, traffic->outbox, account);
}

/* From here on a probe need not be alone any more. */
static void
resume (EstTraffic *traffic, EstLane *lane, const char *account)
{
  if (lane->pause == NULL)
    return;
  est_lane_set_pause (lane, NULL);
  g_message ("account %s can send again", account);
  traffic->listener.resumed (account, traffic->listener.data);
  traffic->listener.stirred (traffic->listener.data);
}

/* Takes @pause over. */
static void
on_news (const char *account, EstPause *pause, gpointer data)
{
  EstTraffic *traffic = data;
  EstLane *lane = get_lane (traffic, account);
  if (pause == NULL)
    {
      resume (traffic, lane, account);
      return;
    }
  est_lane_set_pause (lane, pause);
  traffic->listener.paused (pause, traffic->listener.data);
}

static void
on_stirred (gpointer data)
{
  EstTraffic *traffic = data;
  traffic->listener.stirred (traffic->listener.data);
}

static void
on_done (EstWorker *worker, const char *account, gpointer data)
{
  EstTraffic *traffic = data;
  EstLane *lane = get_lane (traffic, account);
  g_ptr_array_remove (lane->workers, worker);
  traffic->listener.stirred (traffic->listener.data);
}

static void
start_worker (EstTraffic *traffic,
              EstSettings *settings,
              EstAccount *account,
              EstLane *lane)
{
  const EstWorkerListener listener
    = {.told = on_news, .stirred = on_stirred, .done = on_done, .data = traffic};
  EstErrand errand = {.outbox = traffic->outbox,
                      .credentials = traffic->credentials,
                      .settings = settings,
                      .account = account,
                      .book = traffic->book,
                      .crew = lane->crew,
                      .pause = lane->pause,
                      .stint = lane->stint};
  lane->probe = FALSE;
  g_ptr_array_add (lane->workers, est_worker_start (&errand, &listener));
}

/* What is due of a budget changes with every message, setting and clock: the book is
   asked anew each time. */
static void
look_into_book (EstTraffic *traffic, EstLane *lane, const EstAccount *account)
{
  if (lane->pause != NULL && lane->pause->reason == EST_REASON_BUDGET)
    lane->pause->retry = est_book_due (traffic->book, account);
}

static guint
connections_of (const EstAccount *account)
{
  return account->connections != 0 ? account->connections
                                   : est_provider_connections (account->host);
}

static gint64
plan_lane (EstTraffic *traffic,
           EstLane *lane,
           EstSettings *settings,
           EstAccount *account,
           gint64 now)
{
  EstReach reach = est_acquaintance_reach (account);
  est_outbox_set_reach (traffic->outbox, account->name, &reach);
  est_crew_set_limit (lane->crew, connections_of (account));
  gint64 due = est_lane_due (lane, traffic->outbox, account->name);
  if (due > now)
    return due;
  if (est_lane_wants_worker (lane, traffic->outbox, account->name))
    start_worker (traffic, settings, account, lane);
  return G_MAXINT64;
}

gint64
est_traffic_plan (EstTraffic *traffic, EstSettings *settings, EstHalts *halts, gint64 now)
{
  gint64 next = G_MAXINT64;
  for (guint i = 0; i < settings->accounts->len; i++)
    {
      EstAccount *account = g_ptr_array_index (settings->accounts, i);
      EstLane *lane = get_lane (traffic, account->name);
      est_lane_bound_pause (lane, settings, now);
      look_into_book (traffic, lane, account);
      est_lane_set_halted (lane, est_halts_cover (halts, account->name));
      next = MIN (next, plan_lane (traffic, lane, settings, account, now));
    }
  return next;
}

/* Somebody may have mended what is around the password (its user, its server), or simply
   wants another try; a keyring that stirs is no such word. */
static gboolean
forgives_refusals (EstWakeup wakeup)
{
  return wakeup == EST_WAKEUP_SETTINGS || wakeup == EST_WAKEUP_PERSON;
}

/* What is kept belongs to the old settings, or to the old network. */
static void
let_go_of_the_old (EstLane *lane, EstWakeup wakeup)
{
  if (wakeup == EST_WAKEUP_SETTINGS)
    est_lane_renew (lane);
  if (wakeup == EST_WAKEUP_NETWORK)
    est_lane_reconnect (lane);
}

void
est_traffic_wake (EstTraffic *traffic, EstWakeup wakeup, const char *account)
{
  GHashTableIter iterator;
  gpointer name, value;
  if (forgives_refusals (wakeup))
    est_credentials_forget (traffic->credentials, account);
  g_hash_table_iter_init (&iterator, traffic->lanes);
  while (g_hash_table_iter_next (&iterator, &name, &value))
    {
      EstLane *lane = value;
      if (account != NULL && !g_str_equal (account, name))
        continue;
      let_go_of_the_old (lane, wakeup);
      if (lane->pause != NULL && est_wakeup_helps (wakeup, lane->pause->reason))
        lane->probe = TRUE;
    }
}
