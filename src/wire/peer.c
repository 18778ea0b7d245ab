/* Who is behind a connection. "No such socket" is also the kernel's answer where it
   cannot look up sockets at all, so that every unfit answer is followed by a proof. */
#include "wire/peer.h"

#include "wire/diag.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD /* Linux 6.5 */
#define SO_PEERPIDFD 77
#endif
#ifndef SYS_pidfd_open /* Linux 5.3 */
#define SYS_pidfd_open 434
#endif

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

  EstDiagSocket found;
  EstDiagEnd near = end_of (client, get_local), far = end_of (client, get_remote);
  return est_diag_connected (&near, &far, &found) == EST_DIAG_FOUND
         && found.uid == geteuid ();
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
complain_gone (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       "the program that connected is gone already");
  return FALSE;
}

/* A descriptor of the very process that connected. Before Linux 6.5 only its number is
   known, which another process could have by now if the first ended before this. -1 with
   ESRCH: it has ended; else there is none to be had. */
static int
open_process (int fd, pid_t pid)
{
  int process = -1;
  socklen_t length = sizeof process;
  if (getsockopt (fd, SOL_SOCKET, SO_PEERPIDFD, &process, &length) == 0)
    return process;
  if (errno == ENOPROTOOPT)
    return (int) syscall (SYS_pidfd_open, pid, 0);
  return -1;
}

static gboolean
ask_unix (GSocket *connection, EstPeer *peer, GError **error)
{
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  int fd = g_socket_get_fd (connection);
  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0)
    {
      int reason = errno;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no peer: %s",
                   g_strerror (reason));
      return FALSE;
    }
  peer->uid = credentials.uid;
  peer->pid = credentials.pid;
  if (peer->pid <= 0)
    return TRUE;
  peer->process = open_process (fd, peer->pid);
  return peer->process >= 0 || errno != ESRCH || complain_gone (error);
}

static gboolean
ask_tcp (GSocket *connection, EstPeer *peer, GError **error)
{
  EstDiagSocket found = {0};
  EstDiagEnd near = end_of (connection, get_remote), far = end_of (connection, get_local);
  if (near.family == 0 || far.family != near.family)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "the connection is gone already");
      return FALSE;
    }
  if (!judge (est_diag_connected (&near, &far, &found), near.family, error))
    return FALSE;
  peer->uid = found.uid;
  peer->group = found.group;
  peer->inode = found.inode;
  return TRUE;
}

/* Lines of "INSIDE OUTSIDE COUNT". */
static gboolean
sees_every_user (void)
{
  guint64 seen = 0, count;
  g_autofree char *map = NULL;
  if (!g_file_get_contents ("/proc/self/uid_map", &map, NULL, NULL))
    return TRUE;
  g_auto (GStrv) lines = g_strsplit (map, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (sscanf (*line, "%*u %*u %" G_GUINT64_FORMAT, &count) == 1)
      seen += count;
  return seen >= G_MAXUINT32;
}

/* In a user namespace every user who has no number there reads as this one; so does our
   own, if it has none. */
static gboolean
stands_for_anybody (uid_t uid)
{
  static gsize nameless; /* plus one */
  if (g_once_init_enter (&nameless))
    {
      g_autofree char *text = NULL;
      g_file_get_contents ("/proc/sys/kernel/overflowuid", &text, NULL, NULL);
      g_once_init_leave (&nameless,
                         1 + (text != NULL ? g_ascii_strtoull (text, NULL, 10) : 65534));
    }
  return (gsize) uid + 1 == nameless && !sees_every_user ();
}

static gboolean
is_known (uid_t uid, GError **error)
{
  if (!stands_for_anybody (uid))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       "its user has no number in this user namespace");
  return FALSE;
}

gboolean
est_peer_look (GSocket *connection, EstPeer *peer, GError **error)
{
  gboolean unix_socket = g_socket_get_family (connection) == G_SOCKET_FAMILY_UNIX;
  *peer = (EstPeer){.uid = (uid_t) -1, .process = -1};
  if (!(unix_socket ? ask_unix (connection, peer, error)
                    : ask_tcp (connection, peer, error)))
    return FALSE;
  if (is_known (peer->uid, error))
    return TRUE;
  est_peer_clear (peer);
  return FALSE;
}

gboolean
est_peer_is_gone (const EstPeer *peer)
{
  struct pollfd end = {.fd = peer->process, .events = POLLIN};
  if (peer->process >= 0)
    return poll (&end, 1, 0) != 0;
  return peer->pid > 0 && kill (peer->pid, 0) != 0 && errno == ESRCH;
}

void
est_peer_clear (EstPeer *peer)
{
  if (peer->process >= 0)
    close (peer->process);
  peer->process = -1;
}

gboolean
est_peer_look_at_listener (GInetSocketAddress *address,
                           EstPeerListener *listener,
                           GError **error)
{
  struct sockaddr_storage native = {0};
  if (!g_socket_address_to_native (G_SOCKET_ADDRESS (address), &native, sizeof native,
                                   error))
    return FALSE;
  EstDiagSocket found = {0};
  EstDiagEnd near = est_diag_end (&native);
  if (!judge (est_diag_listener (&near, &found), near.family, error))
    return FALSE;
  *listener = (EstPeerListener){found.uid, found.cookie};
  return is_known (listener->uid, error);
}
