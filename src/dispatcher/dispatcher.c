/* What can happen, and the plan that is made anew then. */
#include "dispatcher/dispatcher.h"

#include "base/clock.h"
#include "dispatcher/alarm.h"
#include "dispatcher/deadlines.h"
#include "dispatcher/network.h"
#include "dispatcher/patience.h"
#include "dispatcher/retries.h"
#include "dispatcher/traffic.h"

struct _EstDispatcher
{
  GObject parent;
  EstOutbox *outbox;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstBook *book;
  EstAlarm *alarm;
  EstDeadlines *deadlines;
  EstRetries *retries;
  EstNetwork *network;
  EstTraffic *traffic;
  EstHalts *halts;
  guint planning; /* idle source; 0: none */
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

static void
on_paused (EstPause *pause, gpointer dispatcher)
{
  g_signal_emit (dispatcher, signals[PAUSED], 0, pause);
}

static void
on_resumed (const char *account, gpointer dispatcher)
{
  g_signal_emit (dispatcher, signals[RESUMED], 0, account);
}

static void
plan (EstDispatcher *dispatcher)
{
  g_autoptr (EstSettings) settings = est_accounts_get (dispatcher->accounts);
  gint64 now = est_clock_now ();
  gint64 late = est_deadlines_plan (dispatcher->deadlines, now);
  gint64 next = est_traffic_plan (dispatcher->traffic, settings, dispatcher->halts, now);
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

/* The alarm rang, what was late has failed, or a worker has done something. */
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
on_outbox_rearranged (EstDispatcher *dispatcher)
{
  est_halts_reload (dispatcher->halts);
  plan_soon (dispatcher);
}

void
est_dispatcher_wake (EstDispatcher *dispatcher, EstWakeup wakeup, const char *account)
{
  est_traffic_wake (dispatcher->traffic, wakeup, account);
  plan_soon (dispatcher);
}

static gboolean
on_network_changed (gpointer data)
{
  est_dispatcher_wake (data, EST_WAKEUP_NETWORK, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_secrets_available (EstDispatcher *dispatcher)
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
  g_clear_pointer (&dispatcher->traffic, est_traffic_free);
  g_clear_pointer (&dispatcher->halts, est_halts_free);
  g_clear_pointer (&dispatcher->book, est_book_free);
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
                           G_CALLBACK (on_secrets_available), dispatcher,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dispatcher->accounts, "online-back",
                           G_CALLBACK (on_secrets_available), dispatcher,
                           G_CONNECT_SWAPPED);
}

EstDispatcher *
est_dispatcher_new (EstOutbox *outbox, EstAccounts *accounts, EstCredentials *credentials)
{
  EstDispatcher *dispatcher = g_object_new (EST_TYPE_DISPATCHER, NULL);
  const EstTrafficListener listener = {.paused = on_paused,
                                       .resumed = on_resumed,
                                       .stirred = look_again,
                                       .data = dispatcher};
  dispatcher->outbox = g_object_ref (outbox);
  dispatcher->accounts = g_object_ref (accounts);
  dispatcher->credentials = g_object_ref (credentials);
  dispatcher->alarm = est_alarm_new (look_again, on_clock_set, dispatcher);
  dispatcher->retries = est_retries_new (outbox);
  dispatcher->deadlines = est_deadlines_new (outbox, look_again, dispatcher);
  dispatcher->network = est_network_new (on_network_changed, dispatcher);
  dispatcher->halts = est_halts_new (outbox);
  dispatcher->book = est_book_new (outbox);
  dispatcher->traffic
    = est_traffic_new (outbox, credentials, dispatcher->book, &listener);
  listen (dispatcher);
  on_clock_set (dispatcher);
  est_dispatcher_wake (dispatcher, EST_WAKEUP_NETWORK, NULL);
  return dispatcher;
}

gint64
est_dispatcher_next (EstDispatcher *dispatcher)
{
  return __atomic_load_n (&dispatcher->next, __ATOMIC_RELAXED);
}

EstBook *
est_dispatcher_book (EstDispatcher *dispatcher)
{
  return dispatcher->book;
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
  est_traffic_stop (dispatcher->traffic);
  g_clear_pointer (&dispatcher->alarm, est_alarm_free);
  g_clear_pointer (&dispatcher->deadlines, est_deadlines_free);
  g_clear_pointer (&dispatcher->network, est_network_free);
}
