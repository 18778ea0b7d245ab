/* Subscriptions and a clock. */
#include "account/bus-watch.h"

struct EstBusWatch
{
  EstBusEar ear;
  GMainContext *context;
  GCancellable *cancellable; /* of the wait for the bus */
  GDBusConnection *bus;
  GArray *subscriptions; /* guint */
  GSource *settle;
};

EstBusWatch *
est_bus_watch_new (const EstBusEar *ear)
{
  EstBusWatch *watch = g_new0 (EstBusWatch, 1);
  watch->ear = *ear;
  watch->context = g_main_context_ref_thread_default ();
  watch->cancellable = g_cancellable_new ();
  watch->subscriptions = g_array_new (FALSE, FALSE, sizeof (guint));
  return watch;
}

/* What a subscription of GDBus passes on. */
typedef struct
{
  const EstBusSignal *signal;
  gpointer data;
} Hearing;

static void
on_signal (GDBusConnection *bus,
           const char *sender,
           const char *path,
           const char *interface,
           const char *member,
           GVariant *arguments,
           gpointer data)
{
  const Hearing *hearing = data;
  hearing->signal->heard (arguments, hearing->data);
}

static Hearing *
hearing_new (const EstBusSignal *signal, gpointer data)
{
  Hearing *hearing = g_new0 (Hearing, 1);
  *hearing = (Hearing){signal, data};
  return hearing;
}

static void
listen_on (EstBusWatch *watch, GDBusConnection *bus)
{
  const EstBusEar *ear = &watch->ear;
  watch->bus = bus;
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  for (gsize i = 0; i < ear->n_signals; i++)
    {
      const EstBusSignal *one = &ear->signals[i];
      guint id = g_dbus_connection_signal_subscribe (
        bus, one->sender, one->interface, one->member, NULL, one->first_argument,
        G_DBUS_SIGNAL_FLAGS_NONE, on_signal, hearing_new (one, ear->data), g_free);
      g_array_append_val (watch->subscriptions, id);
    }
  if (ear->found != NULL)
    ear->found (bus, ear->data);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  GDBusConnection *bus = g_bus_get_finish (result, NULL);
  if (bus != NULL) /* else no bus; or cancelled, and then the watch is gone */
    listen_on (data, bus);
}

void
est_bus_watch_begin (EstBusWatch *watch)
{
  g_bus_get (G_BUS_TYPE_SESSION, watch->cancellable, on_bus, watch);
}

void
est_bus_watch_begin_at_once (EstBusWatch *watch)
{
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (bus != NULL)
    listen_on (watch, bus);
}

static gboolean
on_settled (gpointer data)
{
  EstBusWatch *watch = data;
  g_clear_pointer (&watch->settle, g_source_unref);
  watch->ear.settled (watch->ear.data);
  return G_SOURCE_REMOVE;
}

gboolean
est_bus_watch_settle (EstBusWatch *watch)
{
  if (watch->settle != NULL)
    return FALSE;
  watch->settle = g_timeout_source_new (watch->ear.settle_ms);
  g_source_set_callback (watch->settle, on_settled, watch, NULL);
  g_source_attach (watch->settle, watch->context);
  return TRUE;
}

void
est_bus_watch_free (EstBusWatch *watch)
{
  g_cancellable_cancel (watch->cancellable);
  for (guint i = 0; i < watch->subscriptions->len; i++)
    g_dbus_connection_signal_unsubscribe (watch->bus,
                                          g_array_index (watch->subscriptions, guint, i));
  if (watch->settle != NULL)
    {
      g_source_destroy (watch->settle);
      g_source_unref (watch->settle);
    }
  g_array_unref (watch->subscriptions);
  g_clear_object (&watch->bus);
  g_object_unref (watch->cancellable);
  g_main_context_unref (watch->context);
  g_free (watch);
}
