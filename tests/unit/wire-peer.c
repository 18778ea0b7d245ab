/* The kernel's word about sockets of our own, and about ones that are gone. Other users'
   sockets need root: a story test has them. */
#include "wire/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  GSocket *listener, *client, *server;
} Connection;

static GSocket *
new_tcp (GSocketFamily family)
{
  GSocket *socket
    = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_nonnull (socket);
  return socket;
}

static GSocketAddress *
make_address (const char *host, guint16 port)
{
  GSocketAddress *address = g_inet_socket_address_new_from_string (host, port);
  g_assert_nonnull (address);
  return address;
}

static guint16
port_of (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static GSocket *
listen_at (const char *host)
{
  g_autoptr (GSocketAddress) address = make_address (host, 0);
  GSocket *listener = new_tcp (g_socket_address_get_family (address));
  if (g_socket_get_family (listener) == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (listener, IPPROTO_IPV6, IPV6_V6ONLY, 0, NULL);
  g_assert_true (g_socket_bind (listener, address, FALSE, NULL));
  g_assert_true (g_socket_listen (listener, NULL));
  return listener;
}

/* By the plain system call: GLib turns a v4-mapped address into an IPv4 one, which an
   IPv6 socket does not take. */
static void
connect_to (GSocket *client, const char *host, guint16 port)
{
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons (port)};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons (port)};
  int fd = g_socket_get_fd (client), result;
  if (g_socket_get_family (client) == G_SOCKET_FAMILY_IPV6)
    {
      g_assert_cmpint (inet_pton (AF_INET6, host, &six.sin6_addr), ==, 1);
      result = connect (fd, (struct sockaddr *) &six, sizeof six);
    }
  else
    {
      g_assert_cmpint (inet_pton (AF_INET, host, &four.sin_addr), ==, 1);
      result = connect (fd, (struct sockaddr *) &four, sizeof four);
    }
  g_assert_true (result == 0 || errno == EINPROGRESS);
}

static Connection
connect_from_to (const char *listen_host, GSocketFamily family, const char *target_host)
{
  Connection connection = {.listener = listen_at (listen_host)};
  connection.client = new_tcp (family);
  connect_to (connection.client, target_host, port_of (connection.listener));
  connection.server = g_socket_accept (connection.listener, NULL, NULL);
  g_assert_nonnull (connection.server);
  return connection;
}

static void
clear_connection (Connection *connection)
{
  g_clear_object (&connection->listener);
  g_clear_object (&connection->client);
  g_clear_object (&connection->server);
}

typedef struct
{
  const char *name;
  const char *listener;
  GSocketFamily family; /* of the client's socket */
  const char *target;
} Case;

static const Case cases[] = {
  {"ipv4",                   "127.0.0.1", G_SOCKET_FAMILY_IPV4, "127.0.0.1"       },
  {"ipv6",                   "::1",       G_SOCKET_FAMILY_IPV6, "::1"             },
  {"dual-stack-listener",    "::",        G_SOCKET_FAMILY_IPV4, "127.0.0.1"       },
  {"mapped-client",          "127.0.0.1", G_SOCKET_FAMILY_IPV6, "::ffff:127.0.0.1"},
  {"mapped-both",            "::",        G_SOCKET_FAMILY_IPV6, "::ffff:127.0.0.1"},
  {"other-loopback-address", "127.0.0.7", G_SOCKET_FAMILY_IPV4, "127.0.0.7"       },
};

static void
test_tcp (gconstpointer data)
{
  const Case *c = data;
  Connection connection = connect_from_to (c->listener, c->family, c->target);
  g_autoptr (GError) error = NULL;
  uid_t uid = (uid_t) -1;
  est_peer_uid (connection.server, &uid, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (uid, ==, geteuid ());
  clear_connection (&connection);
}

static void
test_unix (void)
{
  int fds[2];
  uid_t uid = (uid_t) -1;
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fds[0], NULL);
  close (fds[1]);
  g_assert_true (est_peer_uid (socket, &uid, NULL));
  g_assert_cmpuint (uid, ==, geteuid ());
}

/* A client that is gone has no owner any more; least of all uid 0. */
static void
test_closed_client (void)
{
  Connection connection
    = connect_from_to ("127.0.0.1", G_SOCKET_FAMILY_IPV4, "127.0.0.1");
  g_autoptr (GError) error = NULL;
  uid_t uid;
  g_socket_close (connection.client, NULL);
  g_assert_false (est_peer_uid (connection.server, &uid, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  clear_connection (&connection);
}

/* Shutting down only one's sending side changes nothing about the owner. */
static void
test_half_closed_client (void)
{
  Connection connection
    = connect_from_to ("127.0.0.1", G_SOCKET_FAMILY_IPV4, "127.0.0.1");
  uid_t uid = (uid_t) -1;
  g_assert_true (g_socket_shutdown (connection.client, FALSE, TRUE, NULL));
  g_assert_true (est_peer_uid (connection.server, &uid, NULL));
  g_assert_cmpuint (uid, ==, geteuid ());
  clear_connection (&connection);
}

static void
test_unconnected (void)
{
  g_autoptr (GSocket) socket = new_tcp (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) error = NULL;
  uid_t uid;
  g_assert_false (est_peer_uid (socket, &uid, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
assert_listener (const char *host, guint16 port, gboolean expected)
{
  g_autoptr (GSocketAddress) address = make_address (host, port);
  g_autoptr (GError) error = NULL;
  uid_t uid = (uid_t) -1;
  gboolean found = est_peer_listener_uid (G_INET_SOCKET_ADDRESS (address), &uid, &error);
  if (expected)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (found, ==, expected);
  if (expected)
    g_assert_cmpuint (uid, ==, geteuid ());
}

static void
test_listener (void)
{
  g_autoptr (GSocket) four = listen_at ("127.0.0.1");
  g_autoptr (GSocket) six = listen_at ("::1");
  g_autoptr (GSocket) all = listen_at ("::");
  assert_listener ("127.0.0.1", port_of (four), TRUE);
  assert_listener ("::1", port_of (six), TRUE);
  assert_listener ("127.0.0.1", port_of (all), TRUE);
  assert_listener ("::1", port_of (all), TRUE);
  assert_listener ("::1", port_of (four), FALSE);
  guint16 port = port_of (four);
  g_socket_close (four, NULL);
  assert_listener ("127.0.0.1", port, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/peer/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_tcp);
    }
  g_test_add_func ("/wire/peer/unix", test_unix);
  g_test_add_func ("/wire/peer/closed-client", test_closed_client);
  g_test_add_func ("/wire/peer/half-closed-client", test_half_closed_client);
  g_test_add_func ("/wire/peer/unconnected", test_unconnected);
  g_test_add_func ("/wire/peer/listener", test_listener);
  return g_test_run ();
}
