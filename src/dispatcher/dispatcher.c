/* Lanes, and the plan for them. */
#include "dispatcher/dispatcher.h"

#include "account/hold.h"
#include "base/clock.h"
#include "dispatcher/alarm.h"
#include "dispatcher/deadlines.h"
#include "dispatcher/lane.h"
#include "dispatcher/network.h"
#include "dispatcher/patience.h"
#include "outbox/control.h"

struct _EstDispatcher
{
  GObject parent;
  EstOutbox *outbox;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstAlarm *alarm;
  EstDeadlines *deadlines;
  EstNetwork *network;
  GHashTable *lanes; /* account name -> EstLane */
  GHashTable *halts; /* account name: stopped by hand; "": everything */
  GThread *bounding; /* NULL: never begun */
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
on_loaded (gpointer dispatcher)
{
  plan_soon (dispatcher);
}

static void
on_done (EstWorker *worker, const char *account, EstPause *pause, gpointer data)
{
  EstDispatcher *dispatcher = data;
  EstLane *lane = get_lane (dispatcher, account);
  if (worker == lane->express)
    {
      lane->express = NULL;
      lane->no_express = pause != NULL;
      est_pause_free (pause);
    }
  else
    {
      lane->worker = NULL;
      lane->no_express = FALSE;
      on_news (account, pause, data);
    }
  plan_soon (dispatcher);
}

static EstWorker *
start_worker (EstDispatcher *dispatcher,
              EstSettings *settings,
              EstAccount *account,
              const EstLane *lane,
              gboolean express)
{
  const EstWorkerListener listener
    = {.told = on_news, .loaded = on_loaded, .done = on_done, .data = dispatcher};
  EstErrand errand = {.outbox = dispatcher->outbox,
                      .credentials = dispatcher->credentials,
                      .settings = settings,
                      .account = account,
                      .pause = lane->pause,
                      .stint = lane->stint,
                      .express = express};
  return est_worker_start (&errand, &listener);
}

static gboolean
is_halted (EstDispatcher *dispatcher, const char *account)
{
  return g_hash_table_contains (dispatcher->halts, "")
         || g_hash_table_contains (dispatcher->halts, account);
}

/* Sends off whoever is due on the lane; when it has to be looked at again. */
static gint64
plan_lane (EstDispatcher *dispatcher,
           EstSettings *settings,
           EstAccount *account,
           gint64 now)
{
  EstLane *lane = get_lane (dispatcher, account->name);
  est_lane_bound_pause (lane, settings, now);
  est_lane_set_halted (lane, is_halted (dispatcher, account->name));
  EstReach reach = est_hold_reach (account);
  est_outbox_set_reach (dispatcher->outbox, account->name, &reach);
  gint64 due = est_lane_due (lane, dispatcher->outbox, account->name);
  if (due <= now)
    {
      lane->probe = FALSE;
      lane->worker = start_worker (dispatcher, settings, account, lane, FALSE);
      return G_MAXINT64;
    }
  gint64 express_due = est_lane_express_due (lane, dispatcher->outbox, account->name);
  if (express_due > now)
    return MIN (due, express_due);
  lane->express = start_worker (dispatcher, settings, account, lane, TRUE);
  return due;
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

/* A thread, because it waits for a commit. */
typedef struct
{
  EstOutbox *outbox;
  gint64 latest;
} Bounding;

static gpointer
bound_retries (gpointer data)
{
  g_autofree Bounding *bounding = data;
  g_autoptr (GError) error = NULL;
  if (!est_outbox_bound_retries (bounding->outbox, bounding->latest, &error))
    g_warning ("retries could not be brought forward: %s", error->message);
  return NULL;
}

static void
await_bounding (EstDispatcher *dispatcher)
{
  g_clear_pointer (&dispatcher->bounding, g_thread_join);
}

/* Nobody waits for the future of a clock that was wrong. */
static void
on_clock_set (gpointer data)
{
  EstDispatcher *dispatcher = data;
  g_autoptr (EstSettings) settings = est_accounts_get (dispatcher->accounts);
  Bounding *bounding = g_new (Bounding, 1);
  bounding->outbox = dispatcher->outbox;
  bounding->latest
    = est_patience_latest (est_clock_now (), settings->delivery.longest_retry_seconds);
  await_bounding (dispatcher);
  dispatcher->bounding = g_thread_new ("retries", bound_retries, bounding);
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

void
est_dispatcher_wake (EstDispatcher *dispatcher, EstWakeup wakeup, const char *account)
{
  GHashTableIter iterator;
  gpointer name, value;
  if (forgives_refusals (wakeup))
    est_credentials_forget (dispatcher->credentials, account);
  g_hash_table_iter_init (&iterator, dispatcher->lanes);
  while (g_hash_table_iter_next (&iterator, &name, &value))
    {
      EstLane *lane = value;
      gboolean meant = account == NULL || g_str_equal (account, name);
      if (meant && lane->pause != NULL && est_wakeup_helps (wakeup, lane->pause->reason))
        lane->probe = TRUE;
    }
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
  await_bounding (dispatcher);
  est_lanes_stop (dispatcher->lanes, dispatcher->outbox);
  g_clear_pointer (&dispatcher->alarm, est_alarm_free);
  g_clear_pointer (&dispatcher->deadlines, est_deadlines_free);
  g_clear_pointer (&dispatcher->network, est_network_free);
}
