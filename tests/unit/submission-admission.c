/* Who is let in: our own sockets, with and without a kernel that answers. Other users'
   need root: a story has them. */
#include "submission/admission.h"

#include "account/settings-parse.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The server's end of a connection with ourselves; the client's stays open. */
static GSocket *
connect_tcp (void)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (listener, (struct sockaddr *) &address, length), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *) &address, &length), ==, 0);
  g_assert_cmpint (connect (client, (struct sockaddr *) &address, length), ==, 0);
  GSocket *server = g_socket_new_from_fd (accept (listener, NULL, NULL), NULL);
  close (listener);
  return server;
}

static GSocket *
connect_unix (void)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  return g_socket_new_from_fd (fds[0], NULL);
}

static EstAdmission
decide (GSocket *socket, EstOrigin *origin)
{
  g_autoptr (EstSettings) settings = est_settings_parse ("", 0, NULL);
  return est_admission_decide (settings, socket, origin);
}

static void
assert_own (GSocket *socket)
{
  g_auto (EstOrigin) origin = {0};
  g_assert_cmpint (decide (socket, &origin), ==, EST_ADMISSION_VOUCHED);
  g_assert_cmpstr (origin.program, ==, "program:unit-submission-admission");
  g_assert_false (origin.sandboxed);
  g_object_unref (socket);
}

static void
test_own (void)
{
  assert_own (connect_tcp ());
  assert_own (connect_unix ());
}

/* A system call filter as a service manager may set it up. */
static void
forbid_netlink (void)
{
  struct sock_filter steps[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, args[0])),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {G_N_ELEMENTS (steps), steps};
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
      || prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    _exit (77);
}

/* Nobody vouches for the port then; the Unix socket needs no netlink. */
static void
test_no_lookup (void)
{
  int status;
  GSocket *tcp = connect_tcp (), *local = connect_unix ();
  pid_t child = fork ();
  if (child == 0)
    {
      EstOrigin origin;
      forbid_netlink ();
      gboolean good = decide (tcp, &origin) == EST_ADMISSION_SIGN_IN
                      && origin.program == NULL && !origin.sandboxed;
      _exit (good ? 0 : 1);
    }
  waitpid (child, &status, 0);
  g_assert_cmpint (status, ==, 0);
  assert_own (local);
  g_object_unref (tcp);
}

/* A connection in no state to be asked about. */
static void
test_unconnected (void)
{
  g_auto (EstOrigin) origin = {0};
  g_autoptr (GSocket) tcp = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                          G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_cmpint (decide (tcp, &origin), ==, EST_ADMISSION_REFUSED);
  g_assert_null (origin.program);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL); /* refusals are warned of */
  g_test_add_func ("/submission/admission/own", test_own);
  g_test_add_func ("/submission/admission/no-lookup", test_no_lookup);
  g_test_add_func ("/submission/admission/unconnected", test_unconnected);
  return g_test_run ();
}
