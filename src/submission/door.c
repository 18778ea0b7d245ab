/* Listening sockets as sources of the main loop. */
#include "submission/door.h"

#include "base/own-sockets.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

/* GLib's default of 10 lets clients of a burst wait for a greeting that never comes. */
#define BACKLOG 512

struct EstDoor
{
  char *name;
  const char *place; /* within @name */
  gboolean tls;
  char *path;              /* of a Unix socket, else NULL */
  GSocketAddress *address; /* else where it is */
  EstDoorKeeper keeper;
  GSource *source;
};

static gboolean
on_connection (GSocket *socket, GIOCondition condition, gpointer data)
{
  EstDoor *door = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) connection = g_socket_accept (socket, NULL, &error);
  if (connection != NULL)
    door->keeper.entered (door, connection, door->keeper.data);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    g_warning ("cannot accept a connection: %s", error->message);
  return G_SOURCE_CONTINUE;
}

static GSocket *
listen_at (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) socket
    = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                    G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL)
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

/* @kind: in front of @place in its name. */
static EstDoor *
open_at (GSocketAddress *address,
         const char *kind,
         const char *place,
         const EstDoorKeeper *keeper,
         GError **error)
{
  g_autoptr (GSocket) socket = listen_at (address, error);
  if (socket == NULL)
    return NULL;
  EstDoor *door = g_new0 (EstDoor, 1);
  door->name = g_strconcat (kind, place, NULL);
  door->place = door->name + strlen (kind);
  door->keeper = *keeper;
  door->source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (door->source, G_SOURCE_FUNC (on_connection), door, NULL);
  g_source_attach (door->source, g_main_context_get_thread_default ());
  return door;
}

GSocketAddress *
est_door_read_place (const char *place, GError **error)
{
  g_autoptr (GSocketConnectable) parts = g_network_address_parse (place, 0, error);
  if (parts == NULL)
    return NULL;
  GNetworkAddress *address = G_NETWORK_ADDRESS (parts);
  return g_inet_socket_address_new_from_string (g_network_address_get_hostname (address),
                                                g_network_address_get_port (address));
}

EstDoor *
est_door_open (const char *place,
               gboolean tls,
               const EstDoorKeeper *keeper,
               GError **error)
{
  g_autoptr (GSocketAddress) address = est_door_read_place (place, error);
  if (address == NULL)
    return NULL;
  EstDoor *door = open_at (address, tls ? "tls:" : "", place, keeper, error);
  if (door == NULL)
    return NULL;
  door->tls = tls;
  door->address = g_steal_pointer (&address);
  est_own_sockets_add (door->address);
  return door;
}

EstDoor *
est_door_open_unix (const char *path, const EstDoorKeeper *keeper, GError **error)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_unlink (path);
  EstDoor *door = open_at (address, "unix:", path, keeper, error);
  if (door != NULL)
    door->path = g_strdup (path);
  return door;
}

void
est_door_close (EstDoor *door)
{
  g_source_destroy (door->source);
  g_source_unref (door->source);
  if (door->path != NULL)
    g_unlink (door->path);
  if (door->address != NULL)
    est_own_sockets_remove (door->address);
  g_clear_object (&door->address);
  g_free (door->path);
  g_free (door->name);
  g_free (door);
}

gboolean
est_door_is_at (const EstDoor *door, const char *place, gboolean tls)
{
  return door->path == NULL && door->tls == tls && g_str_equal (door->place, place);
}

gboolean
est_door_has_tls (const EstDoor *door)
{
  return door->tls;
}

const char *
est_door_name (const EstDoor *door)
{
  return door->name;
}
