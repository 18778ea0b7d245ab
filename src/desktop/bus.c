/* Where the D-Bus objects are served. */
#include "desktop/bus.h"

#include "base/paths.h"
#include "desktop/accounts-object.h"
#include "desktop/apps-object.h"
#include "desktop/caller.h"
#include "desktop/discovery-object.h"
#include "desktop/outbox-object.h"
#include "desktop/setup-object.h"
#include "desktop/sign-in-object.h"
#include "desktop/tokens-object.h"
#include "interface/names.h"

#include <glib/gstdio.h>

#define N_INTERFACES 7

struct EstBus
{
  EstOutboxObject *outbox;
  EstAccountsObject *accounts;
  EstTokensObject *tokens;
  EstAppsObject *apps;
  EstSetupObject *setup;
  EstDiscoveryObject *discovery;
  EstSignInObject *sign_in;
  GDBusInterfaceSkeleton *skeletons[N_INTERFACES]; /* of these; borrowed */
  GDBusServer *server; /* our own socket; NULL if it could not be made */
  char *socket;
  GPtrArray *connections; /* GDBusConnection: peers on our own socket */
  guint name;             /* on the session bus */
};

static void
export_on (EstBus *bus, GDBusConnection *connection)
{
  for (gsize i = 0; i < N_INTERFACES; i++)
    {
      g_autoptr (GError) error = NULL;
      if (!g_dbus_interface_skeleton_export (bus->skeletons[i], connection, EST_BUS_PATH,
                                             &error))
        g_warning ("cannot serve D-Bus: %s", error->message);
    }
}

static void
unexport_from (EstBus *bus, GDBusConnection *connection)
{
  for (gsize i = 0; i < N_INTERFACES; i++)
    g_dbus_interface_skeleton_unexport_from_connection (bus->skeletons[i], connection);
}

static void
on_peer_closed (GDBusConnection *connection,
                gboolean vanished,
                GError *error,
                EstBus *bus)
{
  unexport_from (bus, connection);
  g_signal_handlers_disconnect_by_data (connection, bus);
  g_ptr_array_remove (bus->connections, connection);
}

static gboolean
on_peer (GDBusServer *server, GDBusConnection *connection, EstBus *bus)
{
  g_ptr_array_add (bus->connections, g_object_ref (connection));
  g_signal_connect (connection, "closed", G_CALLBACK (on_peer_closed), bus);
  export_on (bus, connection);
  return TRUE;
}

/* A socket file that a crash left is removed: only one daemon of this person runs, its
   lock is taken before. */
static GDBusServer *
make_server (const char *socket, GError **error)
{
  g_autofree char *folder = est_paths_runtime_folder ();
  g_autofree char *escaped = g_dbus_address_escape_value (socket);
  g_autofree char *address = g_strconcat ("unix:path=", escaped, NULL);
  g_autofree char *guid = g_dbus_generate_guid ();
  if (!est_paths_make_private_folder (folder, error))
    return NULL;
  g_unlink (socket);
  return g_dbus_server_new_sync (address,
                                 G_DBUS_SERVER_FLAGS_AUTHENTICATION_REQUIRE_SAME_USER,
                                 guid, NULL, NULL, error);
}

static void
start_server (EstBus *bus)
{
  g_autoptr (GError) error = NULL;
  bus->socket = est_paths_bus_socket ();
  bus->server = make_server (bus->socket, &error);
  if (bus->server == NULL)
    {
      g_warning ("cannot listen at %s: %s", bus->socket, error->message);
      return;
    }
  g_signal_connect (bus->server, "new-connection", G_CALLBACK (on_peer), bus);
  g_dbus_server_start (bus->server);
}

/* GDBus ends the process with its bus unless told otherwise; the outbox goes on. */
static void
on_session_bus (GDBusConnection *connection, const char *name, gpointer data)
{
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  export_on (data, connection);
}

static void
on_name_lost (GDBusConnection *connection, const char *name, gpointer data)
{
  if (connection == NULL)
    g_message ("no session bus: no notifications, no keyring; everything else works");
  else
    g_warning ("the name %s on the session bus is somebody else's", name);
}

static void
make_objects (EstBus *bus, const EstBusServices *services)
{
  bus->outbox = est_outbox_object_new (services);
  bus->accounts = est_accounts_object_new (services);
  bus->tokens = est_tokens_object_new (services);
  bus->apps = est_apps_object_new (services);
  bus->setup = est_setup_object_new (services);
  bus->discovery = est_discovery_object_new ();
  bus->sign_in = est_sign_in_object_new (services);
  bus->skeletons[0] = est_outbox_object_skeleton (bus->outbox);
  bus->skeletons[1] = est_accounts_object_skeleton (bus->accounts);
  bus->skeletons[2] = est_tokens_object_skeleton (bus->tokens);
  bus->skeletons[3] = est_apps_object_skeleton (bus->apps);
  bus->skeletons[4] = est_setup_object_skeleton (bus->setup);
  bus->skeletons[5] = est_discovery_object_skeleton (bus->discovery);
  bus->skeletons[6] = est_sign_in_object_skeleton (bus->sign_in);
  for (gsize i = 0; i < N_INTERFACES; i++)
    est_caller_guard (bus->skeletons[i]);
}

EstBus *
est_bus_new (const EstBusServices *services)
{
  EstBus *bus = g_new0 (EstBus, 1);
  make_objects (bus, services);
  bus->connections = g_ptr_array_new_with_free_func (g_object_unref);
  start_server (bus);
  bus->name = g_bus_own_name (G_BUS_TYPE_SESSION, EST_BUS_NAME,
                              G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, on_session_bus, NULL,
                              on_name_lost, bus, NULL);
  return bus;
}

void
est_bus_set_listening (EstBus *bus, const char *const *listening, GHashTable *taken)
{
  est_outbox_object_set_listening (bus->outbox, listening, taken);
}

static void
stop_server (EstBus *bus)
{
  if (bus->server != NULL)
    {
      g_signal_handlers_disconnect_by_data (bus->server, bus);
      g_dbus_server_stop (bus->server);
      g_object_unref (bus->server);
      g_unlink (bus->socket);
    }
  for (guint i = 0; i < bus->connections->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (bus->connections, i), bus);
}

static void
unexport_everywhere (GDBusInterfaceSkeleton *skeleton)
{
  GList *connections = g_dbus_interface_skeleton_get_connections (skeleton);
  for (GList *link = connections; link != NULL; link = link->next)
    g_dbus_interface_skeleton_unexport_from_connection (skeleton, link->data);
  g_list_free_full (connections, g_object_unref);
}

void
est_bus_free (EstBus *bus)
{
  if (bus == NULL)
    return;
  g_bus_unown_name (bus->name);
  stop_server (bus);
  for (gsize i = 0; i < N_INTERFACES; i++)
    unexport_everywhere (bus->skeletons[i]);
  g_ptr_array_unref (bus->connections);
  est_outbox_object_free (bus->outbox);
  est_accounts_object_free (bus->accounts);
  est_tokens_object_free (bus->tokens);
  est_apps_object_free (bus->apps);
  est_setup_object_free (bus->setup);
  est_discovery_object_free (bus->discovery);
  est_sign_in_object_free (bus->sign_in);
  g_free (bus->socket);
  g_free (bus);
}
