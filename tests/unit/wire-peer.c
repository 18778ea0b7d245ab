/* The kernel's word about sockets of our own, and about ones that are gone. Other users'
   sockets need root: a story test has them. */
#include "wire/diag.h"
#include "wire/peer.h"

#include "folder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
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

static guint64
inode_of (GSocket *socket)
{
  struct stat status;
  g_assert_cmpint (fstat (g_socket_get_fd (socket), &status), ==, 0);
  return status.st_ino;
}

/* The inode of our own control group, 0 where there is no unified hierarchy. */
static guint64
own_group (void)
{
  struct stat status;
  g_autofree char *groups = NULL;
  g_autofree char *mounts = NULL;
  g_assert_true (g_file_get_contents ("/proc/self/cgroup", &groups, NULL, NULL));
  g_assert_true (g_file_get_contents ("/proc/self/mountinfo", &mounts, NULL, NULL));
  const char *unified = strstr (groups, "0::/");
  g_autoptr (GRegex) regex = g_regex_new ("^\\S+ \\S+ \\S+ \\S+ (\\S+) .* - cgroup2 ",
                                          G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  if (unified == NULL || !g_regex_match (regex, mounts, 0, &match))
    return 0;
  g_autofree char *mount = g_match_info_fetch (match, 1);
  g_autofree char *group = g_strndup (unified + 3, strcspn (unified + 3, "\n"));
  g_autofree char *path = g_strconcat (mount, group, NULL);
  g_assert_cmpint (stat (path, &status), ==, 0);
  return status.st_ino;
}

static void
test_tcp (gconstpointer data)
{
  const Case *c = data;
  Connection connection = connect_from_to (c->listener, c->family, c->target);
  g_autoptr (GError) error = NULL;
  g_auto (EstPeer) peer = {.process = -1};
  est_peer_look (connection.server, &peer, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (peer.uid, ==, geteuid ());
  g_assert_cmpuint (peer.inode, ==, inode_of (connection.client));
  g_assert_cmpuint (peer.group, ==, own_group ());
  g_assert_cmpint (peer.pid, ==, 0);
  g_assert_false (est_peer_is_gone (&peer));
  clear_connection (&connection);
}

static void
test_unix (void)
{
  int fds[2];
  g_auto (EstPeer) peer = {.process = -1};
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fds[0], NULL);
  close (fds[1]);
  g_assert_true (est_peer_look (socket, &peer, NULL));
  g_assert_cmpuint (peer.uid, ==, geteuid ());
  g_assert_cmpint (peer.pid, ==, getpid ());
  g_assert_cmpint (peer.process, >=, 0);
  g_assert_false (est_peer_is_gone (&peer));
}

/* A Unix listener below a folder of its own, and a process that connects to it and then
   waits until it is told to go on. */
typedef struct
{
  char *folder, *path;
  int listener, leash;
  pid_t child;
} Stranger;

static Stranger
call_in (void)
{
  int leash[2];
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  Stranger stranger = {.folder = g_dir_make_tmp ("estafeta-peer-XXXXXX", NULL)};
  stranger.path = g_build_filename (stranger.folder, "socket", NULL);
  g_strlcpy (address.sun_path, stranger.path, sizeof address.sun_path);
  stranger.listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (stranger.listener, (struct sockaddr *) &address, sizeof address),
                   ==, 0);
  g_assert_cmpint (listen (stranger.listener, 1), ==, 0);
  g_assert_cmpint (pipe (leash), ==, 0);
  stranger.leash = leash[1];
  if ((stranger.child = fork ()) == 0)
    {
      char c;
      int fd = socket (AF_UNIX, SOCK_STREAM, 0);
      close (leash[1]);
      _exit (connect (fd, (struct sockaddr *) &address, sizeof address)
             + (int) read (leash[0], &c, 1));
    }
  close (leash[0]);
  return stranger;
}

static void
let_go (Stranger *stranger)
{
  int status;
  close (stranger->leash);
  g_assert_cmpint (waitpid (stranger->child, &status, 0), ==, stranger->child);
  g_assert_cmpint (status, ==, 0);
}

static GSocket *
take_in (Stranger *stranger)
{
  GSocket *socket = g_socket_new_from_fd (accept (stranger->listener, NULL, NULL), NULL);
  g_assert_nonnull (socket);
  return socket;
}

static void
clear_stranger (Stranger *stranger)
{
  close (stranger->listener);
  remove_folder (stranger->folder);
  g_free (stranger->folder);
  g_free (stranger->path);
}

static void
test_ends_after (void)
{
  Stranger stranger = call_in ();
  g_autoptr (GSocket) socket = take_in (&stranger);
  g_auto (EstPeer) peer = {.process = -1};
  g_assert_true (est_peer_look (socket, &peer, NULL));
  g_assert_cmpint (peer.pid, ==, stranger.child);
  g_assert_false (est_peer_is_gone (&peer));
  let_go (&stranger);
  g_assert_true (est_peer_is_gone (&peer));
  clear_stranger (&stranger);
}

/* Its number may be another's by now. */
static void
test_ended_before (void)
{
  Stranger stranger = call_in ();
  g_autoptr (GSocket) socket = take_in (&stranger);
  g_auto (EstPeer) peer = {.process = -1};
  let_go (&stranger);
  g_assert_true (!est_peer_look (socket, &peer, NULL) || est_peer_is_gone (&peer));
  clear_stranger (&stranger);
}

/* Without a pidfd the number has to do. */
static void
test_gone_by_number (void)
{
  pid_t child = fork ();
  if (child == 0)
    _exit (0);
  waitpid (child, NULL, 0);
  EstPeer ended = {.pid = child, .process = -1}, self = {.pid = getpid (), .process = -1};
  EstPeer tcp = {.process = -1};
  g_assert_true (est_peer_is_gone (&ended));
  g_assert_false (est_peer_is_gone (&self));
  g_assert_false (est_peer_is_gone (&tcp));
}

#define NO_NAMESPACES 77

/* In a user namespace without numbers all users read as one; so does our own. Served
   would be everybody. */
static void
test_nameless_users (void)
{
  Connection connection
    = connect_from_to ("127.0.0.1", G_SOCKET_FAMILY_IPV4, "127.0.0.1");
  int status, fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  g_autoptr (GSocket) pair = g_socket_new_from_fd (fds[0], NULL);
  pid_t child = fork ();
  if (child == 0)
    {
      EstPeer peer;
      if (unshare (CLONE_NEWUSER) != 0)
        _exit (NO_NAMESPACES);
      _exit ((est_peer_look (connection.server, &peer, NULL) ? 1 : 0)
             + (est_peer_look (pair, &peer, NULL) ? 2 : 0));
    }
  waitpid (child, &status, 0);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), !=,
                   NO_NAMESPACES); /* this machine forbids them */
  g_assert_cmpint (status, ==, 0);
  close (fds[1]);
  clear_connection (&connection);
}

/* A client that is gone has no owner any more; least of all uid 0. */
static void
test_closed_client (void)
{
  Connection connection
    = connect_from_to ("127.0.0.1", G_SOCKET_FAMILY_IPV4, "127.0.0.1");
  g_autoptr (GError) error = NULL;
  EstPeer peer;
  g_socket_close (connection.client, NULL);
  g_assert_false (est_peer_look (connection.server, &peer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  clear_connection (&connection);
}

/* Shutting down only one's sending side changes nothing about the owner. */
static void
test_half_closed_client (void)
{
  Connection connection
    = connect_from_to ("127.0.0.1", G_SOCKET_FAMILY_IPV4, "127.0.0.1");
  EstPeer peer;
  g_assert_true (g_socket_shutdown (connection.client, FALSE, TRUE, NULL));
  g_assert_true (est_peer_look (connection.server, &peer, NULL));
  g_assert_cmpuint (peer.uid, ==, geteuid ());
  clear_connection (&connection);
}

/* From the other side: who has accepted our connection; nobody has before. */
static void
test_turned_round (void)
{
  g_autoptr (GSocket) listener = listen_at ("127.0.0.1");
  g_autoptr (GSocket) client = new_tcp (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) error = NULL;
  EstPeer peer;
  connect_to (client, "127.0.0.1", port_of (listener));
  g_assert_false (est_peer_look (client, &peer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  g_autoptr (GSocket) server = g_socket_accept (listener, NULL, NULL);
  g_assert_true (est_peer_look (client, &peer, NULL));
  g_assert_cmpuint (peer.uid, ==, geteuid ());
  g_assert_cmpuint (peer.inode, ==, inode_of (server));
  g_socket_close (server, NULL);
  g_assert_false (est_peer_look (client, &peer, NULL));
}

static void
test_unconnected (void)
{
  g_autoptr (GSocket) socket = new_tcp (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) error = NULL;
  EstPeer peer;
  g_assert_false (est_peer_look (socket, &peer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
assert_listener (const char *host, guint16 port, gboolean expected)
{
  g_autoptr (GSocketAddress) address = make_address (host, port);
  g_autoptr (GError) error = NULL;
  EstPeerListener listener = {.uid = (uid_t) -1};
  gboolean found
    = est_peer_look_at_listener (G_INET_SOCKET_ADDRESS (address), &listener, &error);
  if (expected)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (found, ==, expected);
  if (expected)
    g_assert_cmpuint (listener.uid, ==, geteuid ());
}

/* Another listener at the same address is another one. */
static void
test_listener_cookie (void)
{
  EstPeerListener first, again, second;
  g_autoptr (GSocket) listener = listen_at ("127.0.0.1");
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (listener, NULL);
  GInetSocketAddress *place = G_INET_SOCKET_ADDRESS (address);
  g_assert_true (est_peer_look_at_listener (place, &first, NULL));
  g_assert_true (est_peer_look_at_listener (place, &again, NULL));
  g_assert_cmpuint (first.cookie, ==, again.cookie);
  g_socket_close (listener, NULL);

  g_autoptr (GSocket) other = new_tcp (G_SOCKET_FAMILY_IPV4);
  g_assert_true (g_socket_bind (other, address, TRUE, NULL));
  g_assert_true (g_socket_listen (other, NULL));
  g_assert_true (est_peer_look_at_listener (place, &second, NULL));
  g_assert_cmpuint (first.cookie, !=, second.cookie);
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

/* A message of the kernel's as it should be, to be spoilt. */
typedef struct
{
  struct nlmsghdr head;
  struct inet_diag_msg body;
  guint8 attributes[64];
} Message;

typedef struct
{
  const char *name;
  const char *attributes; /* in hexadecimal digits */
  guint64 group;
} Attributes;

#define GROUP "0c0015000102030405060708" /* 12 octets, type 21 */

static const Attributes attributes[] = {
  {"none",                  "",                                         0                 },
  {"group",                 GROUP,                                      0x0807060504030201},
  {"behind another",        "05000800ff000000" GROUP,                   0x0807060504030201},
  {"before another",        GROUP "05000800ff000000",                   0x0807060504030201},
  {"with flags",            "0c0015800102030405060708",                 0x0807060504030201},
  {"half a group",          "080015000102030405060708",                 0                 },
  {"longer than the rest",  "0d0015000102030405060708",                 0                 },
  {"long group",            "1000150001020304050607080102030405060708", 0                 },
  {"cut off",               "0c00150001020304",                         0                 },
  {"length 0",              "00001500" GROUP,                           0                 },
  {"length 3",              "03001500" GROUP,                           0                 },
  {"huge length",           "ffff1500" GROUP,                           0                 },
  {"empty one, then group", "04000800" GROUP,                           0x0807060504030201},
  {"three octets",          "0c0015",                                   0                 },
  {"odd end",               "0500080001",                               0                 },
};

static gsize
make_message (Message *message, const char *hexadecimal)
{
  gsize count = strlen (hexadecimal) / 2;
  *message = (Message){
    .head = {.nlmsg_type = SOCK_DIAG_BY_FAMILY},
    .body = { .idiag_family = AF_INET, .idiag_state = 1, .idiag_uid = 7, .idiag_inode = 9},
  };
  message->body.id.idiag_sport = htons (25);
  for (gsize i = 0; i < count; i++)
    message->attributes[i] = (guint8) (16 * g_ascii_xdigit_value (hexadecimal[2 * i])
                                       + g_ascii_xdigit_value (hexadecimal[2 * i + 1]));
  gsize length = G_STRUCT_OFFSET (Message, attributes) + count;
  message->head.nlmsg_len = (guint32) length;
  return length;
}

/* From a block of exactly that size, so that a sanitizer sees the octet behind it. */
static EstDiagResult
parse (const Message *message, gsize length, EstDiagSocket *found)
{
  g_autofree char *exact = g_memdup2 (message, length);
  return est_diag_parse (exact, length, found);
}

static void
test_attributes (gconstpointer data)
{
  const Attributes *a = data;
  Message message;
  EstDiagSocket found;
  gsize length = make_message (&message, a->attributes);
  g_assert_cmpint (parse (&message, length, &found), ==, EST_DIAG_FOUND);
  g_assert_cmpuint (found.group, ==, GUINT64_FROM_LE (a->group));
  g_assert_cmpuint (found.uid, ==, 7);
  g_assert_cmpuint (found.inode, ==, 9);
  g_assert_cmpuint (found.near.port, ==, htons (25));
}

/* Too short for what it says, or another answer altogether. */
static void
test_spoilt_messages (void)
{
  Message message;
  EstDiagSocket found;
  gsize length = make_message (&message, GROUP);
  for (gsize cut = 0; cut < length; cut++)
    g_assert_cmpint (parse (&message, cut, &found), ==, EST_DIAG_UNAVAILABLE);
  for (guint32 said = 0; said < G_STRUCT_OFFSET (Message, attributes); said++)
    {
      message.head.nlmsg_len = said;
      g_assert_cmpint (parse (&message, length, &found), ==,
                       said < NLMSG_HDRLEN ? EST_DIAG_UNAVAILABLE : EST_DIAG_NOT_FOUND);
    }
  make_message (&message, GROUP);
  message.head.nlmsg_type = NLMSG_ERROR;
  g_assert_cmpint (parse (&message, length, &found), ==, EST_DIAG_NOT_FOUND);
}

/* What the kernel says of a mapped address is the plain one. */
static void
test_mapped_answer (void)
{
  Message message;
  EstDiagSocket found;
  gsize length = make_message (&message, "");
  message.body.idiag_family = AF_INET6;
  message.body.id.idiag_src[2] = htonl (0xffff);
  message.body.id.idiag_src[3] = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (parse (&message, length, &found), ==, EST_DIAG_FOUND);
  g_assert_cmpint (found.near.family, ==, AF_INET);
  g_assert_cmpuint (found.near.address[0], ==, htonl (INADDR_LOOPBACK));
  g_assert_cmpint (found.far.family, ==, AF_INET6);
}

/* Asked for a connection that is none, the kernel may name the listener at that port. */
static void
test_listener_is_no_answer (void)
{
  g_autoptr (GSocket) listener = listen_at ("127.0.0.1");
  EstDiagEnd near = {.family = AF_INET, .port = htons (port_of (listener))};
  near.address[0] = htonl (INADDR_LOOPBACK);
  EstDiagEnd far = near, nobody = {.family = AF_INET};
  EstDiagSocket found;
  far.port = htons (1);
  g_assert_cmpint (est_diag_listener (&near, &found), ==, EST_DIAG_FOUND);
  g_assert_cmpint (est_diag_connected (&near, &far, &found), ==, EST_DIAG_NOT_FOUND);
  g_assert_cmpint (est_diag_connected (&near, &nobody, &found), ==, EST_DIAG_NOT_FOUND);
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
  for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      g_autofree char *path
        = g_strconcat ("/wire/peer/attributes/", attributes[i].name, NULL);
      g_test_add_data_func (path, &attributes[i], test_attributes);
    }
  g_test_add_func ("/wire/peer/spoilt-messages", test_spoilt_messages);
  g_test_add_func ("/wire/peer/mapped-answer", test_mapped_answer);
  g_test_add_func ("/wire/peer/listener-is-no-answer", test_listener_is_no_answer);
  g_test_add_func ("/wire/peer/unix", test_unix);
  g_test_add_func ("/wire/peer/ends-after", test_ends_after);
  g_test_add_func ("/wire/peer/ended-before", test_ended_before);
  g_test_add_func ("/wire/peer/gone-by-number", test_gone_by_number);
  g_test_add_func ("/wire/peer/nameless-users", test_nameless_users);
  g_test_add_func ("/wire/peer/closed-client", test_closed_client);
  g_test_add_func ("/wire/peer/half-closed-client", test_half_closed_client);
  g_test_add_func ("/wire/peer/unconnected", test_unconnected);
  g_test_add_func ("/wire/peer/turned-round", test_turned_round);
  g_test_add_func ("/wire/peer/listener", test_listener);
  g_test_add_func ("/wire/peer/listener-cookie", test_listener_cookie);
  return g_test_run ();
}
