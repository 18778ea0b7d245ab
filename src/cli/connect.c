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

static gpointer
finish (gpointer proxy, guint seconds, GError *error)
{
  if (proxy == NULL)
    est_trouble_report (error, NULL);
  else
    g_dbus_proxy_set_default_timeout (proxy, (int) seconds * 1000);
  return proxy;
}

static EstBusOutbox1 *
connect_outbox (guint seconds, GDBusProxyFlags flags)
{
  const char *name;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = find_daemon (&name);
  if (connection == NULL)
    return NULL;
  return finish (
    est_bus_outbox1_proxy_new_sync (connection, flags, name, EST_BUS_PATH, NULL, &error),
    seconds, error);
}

EstBusOutbox1 *
est_connect_outbox (guint seconds)
{
  return connect_outbox (seconds, PROXY_FLAGS);
}

EstBusOutbox1 *
est_connect_outbox_live (guint seconds)
{
  return connect_outbox (seconds, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES);
}

EstBusAccounts1 *
est_connect_accounts (guint seconds)
{
  const char *name;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = find_daemon (&name);
  if (connection == NULL)
    return NULL;
  return finish (est_bus_accounts1_proxy_new_sync (connection, PROXY_FLAGS, name,
                                                   EST_BUS_PATH, NULL, &error),
                 seconds, error);
}

EstBusTokens1 *
est_connect_tokens (guint seconds)
{
  const char *name;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = find_daemon (&name);
  if (connection == NULL)
    return NULL;
  return finish (est_bus_tokens1_proxy_new_sync (connection, PROXY_FLAGS, name,
                                                 EST_BUS_PATH, NULL, &error),
                 seconds, error);
}

EstBusApps1 *
est_connect_apps (guint seconds)
{
  const char *name;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = find_daemon (&name);
  if (connection == NULL)
    return NULL;
  return finish (est_bus_apps1_proxy_new_sync (connection, PROXY_FLAGS, name,
                                               EST_BUS_PATH, NULL, &error),
                 seconds, error);
}
