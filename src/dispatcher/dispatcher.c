/* Lanes, and the plan for them. */
#include "dispatcher/dispatcher.h"

#include "base/clock.h"
#include "dispatcher/alarm.h"
#include "dispatcher/deadlines.h"
#include "dispatcher/lane.h"
#include "dispatcher/network.h"
#include "dispatcher/patience.h"
#include "dispatcher/retries.h"
#include "outbox/control.h"

struct _EstDispatcher
{
  GObject parent;
  EstOutbox *outbox;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstAlarm *alarm;
  EstDeadlines *deadlines;
  EstRetries *retries;
  EstNetwork *network;
  GHashTable *lanes; /* account name -> EstLane */
  GHashTable *halts; /* account name: stopped by hand; "": everything */
  guint planning;    /* idle source; 0: none */
  gint64 next;
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE (EstDispatcher, est_dispatcher, G_TYPE_OBJECT)

enum
{
  PAUSED,
  RESUMED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void plan_soon (EstDispatcher *dispatcher);

static EstLane *
get_lane (EstDispatcher *dispatcher, const char *account)
{
  return est_lane_get (dispatcher->lanes, dispatcher->outbox, account);
}

static void
resume (EstDispatcher *dispatcher, EstLane *lane, const char *account)
{
  if (lane->pause == NULL)
    return;
  est_lane_set_pause (lane, NULL);
  g_message ("account %s can send again", account);
  g_signal_emit (dispatcher, signals[RESUMED], 0, account);
  plan_soon (dispatcher); /* its probe need not be alone any more */
}

/* Takes @pause over. */
static void
on_news (const char *account, EstPause *pause, gpointer data)
{
  EstDispatcher *dispatcher = data;
  EstLane *lane = get_lane (dispatcher, account);
  if (pause == NULL)
    {
      resume (dispatcher, lane, account);
      return;
    }
  est_lane_set_pause (lane, pause);
  g_signal_emit (dispatcher, signals[PAUSED], 0, pause);
}

static void
on_stirred (gpointer dispatcher)
{
  plan_soon (dispatcher);
}

static void
on_done (EstWorker *worker, const char *account, gpointer data)
{
  EstDispatcher *dispatcher = data;
  EstLane *lane = get_lane (dispatcher, account);
  g_ptr_array_remove (lane->workers, worker);
  plan_soon (dispatcher);
}

static void
start_worker (EstDispatcher *dispatcher,
              EstSettings *settings,
              EstAccount *account,
              EstLane *lane)
{
  const EstWorkerListener listener
    = {.told = on_news, .stirred = on_stirred, .done = on_done, .data = dispatcher};
  EstErrand errand = {.outbox = dispatcher->outbox,
                      .credentials = dispatcher->credentials,
                      .settings = settings,
                      .account = account,
                      .crew = lane->crew,
                      .pause = lane->pause,
                      .stint = lane->stint};
  lane->probe = FALSE;
  g_ptr_array_add (lane->workers, est_worker_start (&errand, &listener));
}

static gboolean
is_halted (EstDispatcher *dispatcher, const char *account)
{
  return g_hash_table_contains (dispatcher->halts, "")
         || g_hash_table_contains (dispatcher->halts, account);
}

/* Sees to what is due on the lane; when it has to be looked at again. */
static gint64
plan_lane (EstDispatcher *dispatcher,
           EstSettings *settings,
           EstAccount *account,
           gint64 now)
{
  EstLane *lane = get_lane (dispatcher, account->name);
  est_lane_bound_pause (lane, settings, now);
  est_lane_set_halted (lane, is_halted (dispatcher, account->name));
  est_crew_set_limit (lane->crew, MAX (account->connections, 1));
  gint64 due = est_lane_due (lane, dispatcher->outbox, account->name);
  if (due > now)
    return due;
  if (est_lane_wants_worker (lane, dispatcher->outbox, account->name))
    start_worker (dispatcher, settings, account, lane);
  return G_MAXINT64;
}

static void
plan (EstDispatcher *dispatcher)
{
  g_autoptr (EstSettings) settings = est_accounts_get (dispatcher->accounts);
  gint64 now = est_clock_now ();
  gint64 next = G_MAXINT64;
  gint64 late = est_deadlines_plan (dispatcher->deadlines, now);
  for (guint i = 0; i < settings->accounts->len; i++)
    {
      EstAccount *account = g_ptr_array_index (settings->accounts, i);
      next = MIN (next, plan_lane (dispatcher, settings, account, now));
    }
  __atomic_store_n (&dispatcher->next, next, __ATOMIC_RELAXED);
  est_alarm_set (dispatcher->alarm, MIN (next, late));
}

static gboolean
on_planning (gpointer data)
{
  EstDispatcher *dispatcher = data;
  dispatcher->planning = 0;
  plan (dispatcher);
  return G_SOURCE_REMOVE;
}

/* Many changes in one turn of the loop make one plan. */
static void
plan_soon (EstDispatcher *dispatcher)
{
  if (dispatcher->planning == 0 && !dispatcher->stopped)
    dispatcher->planning = g_idle_add (on_planning, dispatcher);
}

/* The alarm rang, or what was late has failed. */
static void
look_again (gpointer dispatcher)
{
  plan_soon (dispatcher);
}

/* Nobody waits for the future of a clock that was wrong. */
static void
on_clock_set (gpointer data)
{
  EstDispatcher *dispatcher = data;
  g_autoptr (EstSettings) settings = est_accounts_get (dispatcher->accounts);
  guint longest = settings->delivery.longest_retry_seconds;
  est_retries_bound (dispatcher->retries,
                     est_patience_latest (est_clock_now (), longest));
}

static void
on_outbox_changed (EstDispatcher *dispatcher, gint64 id, int from, int to)
{
  if (to == EST_STATE_WAITING)
    plan_soon (dispatcher);
}

static void
load_halts (EstDispatcher *dispatcher)
{
  g_autoptr (GError) error = NULL;
  GHashTable *halts = est_control_halts (dispatcher->outbox, &error);
  if (halts == NULL)
    {
      g_warning ("what is stopped could not be read: %s", error->message);
      return;
    }
  g_hash_table_unref (dispatcher->halts);
  dispatcher->halts = halts;
}

static void
on_outbox_rearranged (EstDispatcher *dispatcher)
{
  load_halts (dispatcher);
  plan_soon (dispatcher);
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

static void
wake_lane (EstLane *lane, EstWakeup wakeup)
{
  let_go_of_the_old (lane, wakeup);
  if (lane->pause != NULL && est_wakeup_helps (wakeup, lane->pause->reason))
    lane->probe = TRUE;
}

void
est_dispatcher_wake (EstDispatcher *dispatcher, EstWakeup wakeup, const char *account)
{
  GHashTableIter iterator;
  gpointer name, lane;
  if (forgives_refusals (wakeup))
    est_credentials_forget (dispatcher->credentials, account);
  g_hash_table_iter_init (&iterator, dispatcher->lanes);
  while (g_hash_table_iter_next (&iterator, &name, &lane))
    if (account == NULL || g_str_equal (account, name))
      wake_lane (lane, wakeup);
  plan_soon (dispatcher);
}

static gboolean
on_network_changed (gpointer data)
{
  est_dispatcher_wake (data, EST_WAKEUP_NETWORK, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_credentials_available (EstDispatcher *dispatcher)
{
  est_dispatcher_wake (dispatcher, EST_WAKEUP_KEYRING, NULL);
}

static void
on_accounts_changed (EstDispatcher *dispatcher)
{
  est_dispatcher_wake (dispatcher, EST_WAKEUP_SETTINGS, NULL);
}

static void
est_dispatcher_dispose (GObject *object)
{
  EstDispatcher *dispatcher = EST_DISPATCHER (object);
  est_dispatcher_stop (dispatcher);
  g_clear_object (&dispatcher->outbox);
  g_clear_object (&dispatcher->accounts);
  g_clear_object (&dispatcher->credentials);
  G_OBJECT_CLASS (est_dispatcher_parent_class)->dispose (object);
}

static void
est_dispatcher_finalize (GObject *object)
{
  EstDispatcher *dispatcher = EST_DISPATCHER (object);
  g_hash_table_unref (dispatcher->lanes);
  g_hash_table_unref (dispatcher->halts);
  G_OBJECT_CLASS (est_dispatcher_parent_class)->finalize (object);
}

static guint
add_signal (EstDispatcherClass *class, const char *name, GType argument)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                       NULL, G_TYPE_NONE, 1, argument);
}

static void
est_dispatcher_class_init (EstDispatcherClass *class)
{
  G_OBJECT_CLASS (class)->dispose = est_dispatcher_dispose;
  G_OBJECT_CLASS (class)->finalize = est_dispatcher_finalize;
  signals[PAUSED] = add_signal (class, "paused", G_TYPE_POINTER);
  signals[RESUMED] = add_signal (class, "resumed", G_TYPE_STRING);
}

static void
est_dispatcher_init (EstDispatcher *dispatcher)
{
  dispatcher->lanes = est_lanes_new ();
  dispatcher->halts = g_hash_table_new (g_str_hash, g_str_equal);
  dispatcher->next = G_MAXINT64;
}

static void
listen (EstDispatcher *dispatcher)
{
  g_signal_connect_object (dispatcher->outbox, "rearranged",
                           G_CALLBACK (on_outbox_rearranged), dispatcher,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dispatcher->outbox, "changed", G_CALLBACK (on_outbox_changed),
                           dispatcher, G_CONNECT_SWAPPED);
  g_signal_connect_object (dispatcher->accounts, "changed",
                           G_CALLBACK (on_accounts_changed), dispatcher,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dispatcher->credentials, "available",
                           G_CALLBACK (on_credentials_available), dispatcher,
                           G_CONNECT_SWAPPED);
}

EstDispatcher *
est_dispatcher_new (EstOutbox *outbox, EstAccounts *accounts, EstCredentials *credentials)
{
  EstDispatcher *dispatcher = g_object_new (EST_TYPE_DISPATCHER, NULL);
  dispatcher->outbox = g_object_ref (outbox);
  dispatcher->accounts = g_object_ref (accounts);
  dispatcher->credentials = g_object_ref (credentials);
  dispatcher->alarm = est_alarm_new (look_again, on_clock_set, dispatcher);
  dispatcher->retries = est_retries_new (outbox);
  dispatcher->deadlines = est_deadlines_new (outbox, look_again, dispatcher);
  dispatcher->network = est_network_new (on_network_changed, dispatcher);
  est_lanes_load (dispatcher->lanes, outbox);
  listen (dispatcher);
  load_halts (dispatcher);
  on_clock_set (dispatcher);
  est_dispatcher_wake (dispatcher, EST_WAKEUP_NETWORK, NULL);
  return dispatcher;
}

gint64
est_dispatcher_next (EstDispatcher *dispatcher)
{
  return __atomic_load_n (&dispatcher->next, __ATOMIC_RELAXED);
}

void
est_dispatcher_stop (EstDispatcher *dispatcher)
{
  if (dispatcher->stopped)
    return;
  dispatcher->stopped = TRUE;
  if (dispatcher->planning != 0)
    g_source_remove (dispatcher->planning);
  g_clear_pointer (&dispatcher->retries, est_retries_free);
  est_lanes_stop (dispatcher->lanes, dispatcher->outbox);
  g_clear_pointer (&dispatcher->alarm, est_alarm_free);
  g_clear_pointer (&dispatcher->deadlines, est_deadlines_free);
  g_clear_pointer (&dispatcher->network, est_network_free);
}
