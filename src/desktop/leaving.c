/* On a bus a program is its unique name, on our own socket its connection. */
#include "desktop/leaving.h"

struct EstLeaving
{
  GDBusConnection *connection;
  gulong closed; /* handler; 0: on a bus */
  guint name;    /* watch; 0: on our own socket */
};

static void
on_closed (GDBusConnection *connection,
           gboolean vanished,
           GError *error,
           GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
on_vanished (GDBusConnection *connection, const char *name, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
let_go (gpointer cancellable, GClosure *closure)
{
  g_object_unref (cancellable);
}

EstLeaving *
est_leaving_watch (GDBusMethodInvocation *invocation, GCancellable *cancellable)
{
  EstLeaving *leaving = g_new0 (EstLeaving, 1);
  GDBusConnection *connection = g_dbus_method_invocation_get_connection (invocation);
  leaving->connection = g_object_ref (connection);
  if (g_dbus_connection_get_unique_name (connection) != NULL)
    {
      const char *sender = g_dbus_method_invocation_get_sender (invocation);
      leaving->name = g_bus_watch_name_on_connection (
        connection, sender, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, on_vanished,
        g_object_ref (cancellable), g_object_unref);
      return leaving;
    }
  leaving->closed = g_signal_connect_data (connection, "closed", G_CALLBACK (on_closed),
                                           g_object_ref (cancellable), let_go, 0);
  if (g_dbus_connection_is_closed (connection))
    g_cancellable_cancel (cancellable);
  return leaving;
}

void
est_leaving_free (EstLeaving *leaving)
{
  if (leaving->name != 0)
    g_bus_unwatch_name (leaving->name);
  else
    g_signal_handler_disconnect (leaving->connection, leaving->closed);
  g_object_unref (leaving->connection);
  g_free (leaving);
}
