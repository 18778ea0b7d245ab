/* Lanes, and the plan for them. */
#include "dispatcher/dispatcher.h"

#include "base/clock.h"
#include "dispatcher/alarm.h"
#include "dispatcher/lane.h"
#include "dispatcher/network.h"

struct _EstDispatcher
{
  GObject parent;
  EstOutbox *outbox;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstAlarm *alarm;
  EstNetwork *network;
  GHashTable *lanes; /* account name -> EstLane */
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

static void
resume (EstDispatcher *dispatcher, EstLane *lane, const char *account)
{
  if (lane->pause == NULL)
    return;
  g_clear_pointer (&lane->pause, est_pause_free);
  g_message ("account %s can send again", account);
  g_signal_emit (dispatcher, signals[RESUMED], 0, account);
}

/* Takes @pause over. */
static void
on_news (const char *account, EstPause *pause, gpointer data)
{
  EstDispatcher *dispatcher = data;
  EstLane *lane = est_lane_get (dispatcher->lanes, account);
  if (pause == NULL)
    {
      resume (dispatcher, lane, account);
      return;
    }
  est_pause_free (lane->pause);
  lane->pause = pause;
  g_signal_emit (dispatcher, signals[PAUSED], 0, pause);
}

static void
on_done (const char *account, EstPause *pause, gpointer data)
{
  EstDispatcher *dispatcher = data;
  est_lane_get (dispatcher->lanes, account)->worker = NULL;
  on_news (account, pause, data);
  plan_soon (dispatcher);
}

static void
start_worker (EstDispatcher *dispatcher,
              EstSettings *settings,
              EstAccount *account,
              EstLane *lane)
{
  EstErrand errand = {.outbox = dispatcher->outbox,
                      .credentials = dispatcher->credentials,
                      .settings = settings,
                      .account = account,
                      .pause = lane->pause};
  lane->probe = FALSE;
  lane->worker = est_worker_start (&errand, on_news, on_done, dispatcher);
}

static void
plan (EstDispatcher *dispatcher)
{
  g_autoptr (EstSettings) settings = est_accounts_get (dispatcher->accounts);
  gint64 now = est_clock_now ();
  gint64 next = G_MAXINT64;
  for (guint i = 0; i < settings->accounts->len; i++)
    {
      EstAccount *account = g_ptr_array_index (settings->accounts, i);
      EstLane *lane = est_lane_get (dispatcher->lanes, account->name);
      est_lane_bound_pause (lane, settings, now);
      gint64 due = lane->worker != NULL
                     ? G_MAXINT64
                     : est_lane_due (lane, dispatcher->outbox, account->name);
      if (due <= now)
        start_worker (dispatcher, settings, account, lane);
      else
        next = MIN (next, due);
    }
  __atomic_store_n (&dispatcher->next, next, __ATOMIC_RELAXED);
  est_alarm_set (dispatcher->alarm, next);
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

static gboolean
on_alarm (gpointer data)
{
  plan_soon (data);
  return G_SOURCE_CONTINUE;
}

static void
on_outbox_changed (EstDispatcher *dispatcher, gint64 id, int from, int to)
{
  if (to == EST_STATE_WAITING)
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
  dispatcher->next = G_MAXINT64;
}

static void
listen (EstDispatcher *dispatcher)
{
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
  dispatcher->alarm = est_alarm_new (on_alarm, dispatcher);
  dispatcher->network = est_network_new (on_network_changed, dispatcher);
  est_lanes_load (dispatcher->lanes, outbox);
  listen (dispatcher);
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
  est_lanes_stop (dispatcher->lanes);
  g_clear_pointer (&dispatcher->alarm, est_alarm_free);
  g_clear_pointer (&dispatcher->network, est_network_free);
}
