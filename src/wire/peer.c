/* The uid behind a connection. "No such socket" is also the kernel's answer where it
   cannot look up sockets at all, so that every unfit answer is followed by a proof. */
#include "wire/peer.h"

#include "wire/diag.h"

#include <errno.h>
#include <unistd.h>

typedef gboolean (*NameFunction) (GSocket *socket, struct sockaddr_storage *address);

static gboolean
get_local (GSocket *socket, struct sockaddr_storage *address)
{
  socklen_t length = sizeof *address;
  int fd = g_socket_get_fd (socket);
  return getsockname (fd, (struct sockaddr *) address, &length) == 0;
}

static gboolean
get_remote (GSocket *socket, struct sockaddr_storage *address)
{
  socklen_t length = sizeof *address;
  int fd = g_socket_get_fd (socket);
  return getpeername (fd, (struct sockaddr *) address, &length) == 0;
}

static EstDiagEnd
end_of (GSocket *socket, NameFunction get_name)
{
  struct sockaddr_storage address = {0};
  return get_name (socket, &address) ? est_diag_end (&address) : (EstDiagEnd){0};
}

static GSocket *
open_loopback (GSocketFamily family)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocket) listener
    = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  if (listener == NULL || !g_socket_bind (listener, any_port, FALSE, NULL)
      || !g_socket_listen (listener, NULL))
    return NULL;
  return g_steal_pointer (&listener);
}

/* Looks up a connection whose answer we know. */
static gboolean
works (int family)
{
  GSocketFamily kind = family == AF_INET6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4;
  g_autoptr (GSocket) listener = open_loopback (kind);
  g_autoptr (GSocketAddress) address
    = listener != NULL ? g_socket_get_local_address (listener, NULL) : NULL;
  g_autoptr (GSocket) client
    = g_socket_new (kind, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  if (address == NULL || client == NULL
      || !g_socket_connect (client, address, NULL, NULL))
    return FALSE;

  uid_t uid;
  EstDiagEnd near = end_of (client, get_local), far = end_of (client, get_remote);
  return est_diag_connected (&near, &far, &uid) == EST_DIAG_FOUND && uid == geteuid ();
}

static gboolean
judge (EstDiagResult result, int family, GError **error)
{
  if (result == EST_DIAG_FOUND)
    return TRUE;
  if (result == EST_DIAG_UNAVAILABLE || !works (family))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         "the kernel does not look up TCP sockets here");
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         "the kernel knows no such TCP socket");
  return FALSE;
}

static gboolean
ask_unix (GSocket *connection, uid_t *uid, GError **error)
{
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  int fd = g_socket_get_fd (connection);
  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0)
    {
      *uid = credentials.uid;
      return TRUE;
    }
  int reason = errno;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no peer: %s",
               g_strerror (reason));
  return FALSE;
}

gboolean
est_peer_uid (GSocket *connection, uid_t *uid, GError **error)
{
  if (g_socket_get_family (connection) == G_SOCKET_FAMILY_UNIX)
    return ask_unix (connection, uid, error);

  EstDiagEnd near = end_of (connection, get_remote), far = end_of (connection, get_local);
  if (near.family == 0 || far.family != near.family)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "the connection is gone already");
      return FALSE;
    }
  return judge (est_diag_connected (&near, &far, uid), near.family, error);
}

gboolean
est_peer_listener_uid (GInetSocketAddress *address, uid_t *uid, GError **error)
{
  struct sockaddr_storage native = {0};
  if (!g_socket_address_to_native (G_SOCKET_ADDRESS (address), &native, sizeof native,
                                   error))
    return FALSE;
  EstDiagEnd near = est_diag_end (&native);
  return judge (est_diag_listener (&near, uid), near.family, error);
}
