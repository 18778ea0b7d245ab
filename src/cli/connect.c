/* Finds the daemon. */
#include "cli/connect.h"

#include "base/paths.h"
#include "cli/trouble.h"
#include "interface/names.h"

#define CONNECT_SECONDS 10

#define PROXY_FLAGS                                                                      \
  (G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS)

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;
  *place = g_object_ref (result);
}

static gboolean
on_late (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

/* Not by the sync call, which would wait for ever on a daemon that hangs. */
static GDBusConnection *
connect_to (const char *address)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint timer = g_timeout_add_seconds (CONNECT_SECONDS, on_late, cancellable);
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL,
                                     cancellable, on_connected, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  return g_dbus_connection_new_for_address_finish (result, NULL);
}

static GDBusConnection *
connect_privately (void)
{
  g_autofree char *path = est_paths_bus_socket ();
  g_autofree char *escaped = g_dbus_address_escape_value (path);
  g_autofree char *address = g_strconcat ("unix:path=", escaped, NULL);
  return connect_to (address);
}

/* @name: what the daemon is called there, NULL on its private socket. */
static GDBusConnection *
find_daemon (const char **name)
{
  *name = NULL;
  GDBusConnection *connection = connect_privately ();
  if (connection != NULL)
    return connection;

  *name = EST_BUS_NAME;
  connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (connection == NULL)
    est_trouble_no_daemon ();
  else
    g_dbus_connection_set_exit_on_close (connection, FALSE);
  return connection;
}

/* What the constructors of the proxies do, for whichever interface. */
static gpointer
make_proxy (GType proxy,
            const GDBusInterfaceInfo *interface,
            GDBusProxyFlags flags,
            guint seconds)
{
  const char *name;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = find_daemon (&name);
  if (connection == NULL)
    return NULL;
  gpointer bus = g_initable_new (proxy, NULL, &error, "g-flags", flags, "g-name", name,
                                 "g-connection", connection, "g-object-path",
                                 EST_BUS_PATH, "g-interface-name", interface->name, NULL);
  if (bus == NULL)
    est_trouble_report (error, NULL);
  else
    g_dbus_proxy_set_default_timeout (bus, (int) seconds * 1000);
  return bus;
}

EstBusOutbox1 *
est_connect_outbox (guint seconds)
{
  return make_proxy (EST_BUS_TYPE_OUTBOX1_PROXY, est_bus_outbox1_interface_info (),
                     PROXY_FLAGS, seconds);
}

EstBusOutbox1 *
est_connect_outbox_live (guint seconds)
{
  return make_proxy (EST_BUS_TYPE_OUTBOX1_PROXY, est_bus_outbox1_interface_info (),
                     G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, seconds);
}

EstBusAccounts1 *
est_connect_accounts (guint seconds)
{
  return make_proxy (EST_BUS_TYPE_ACCOUNTS1_PROXY, est_bus_accounts1_interface_info (),
                     PROXY_FLAGS, seconds);
}

EstBusTokens1 *
est_connect_tokens (guint seconds)
{
  return make_proxy (EST_BUS_TYPE_TOKENS1_PROXY, est_bus_tokens1_interface_info (),
                     PROXY_FLAGS, seconds);
}

EstBusApps1 *
est_connect_apps (guint seconds)
{
  return make_proxy (EST_BUS_TYPE_APPS1_PROXY, est_bus_apps1_interface_info (),
                     PROXY_FLAGS, seconds);
}

EstBusSetup1 *
est_connect_setup (guint seconds)
{
  return make_proxy (EST_BUS_TYPE_SETUP1_PROXY, est_bus_setup1_interface_info (),
                     PROXY_FLAGS, seconds);
}

EstBusSignIn1 *
est_connect_sign_in (guint seconds)
{
  return make_proxy (EST_BUS_TYPE_SIGN_IN1_PROXY, est_bus_sign_in1_interface_info (),
                     PROXY_FLAGS, seconds);
}

EstBusDiscovery1 *
est_connect_discovery (guint seconds)
{
  return make_proxy (EST_BUS_TYPE_DISCOVERY1_PROXY, est_bus_discovery1_interface_info (),
                     G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, seconds);
}

gboolean
est_connect_is_there (void)
{
  g_autoptr (GDBusConnection) connection = connect_privately ();
  return connection != NULL;
}
