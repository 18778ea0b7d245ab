/* Looked up anew at each call: a process does not stay in one control group for ever. */
#include "desktop/caller.h"

#include "desktop/methods.h"
#include "interface/interface.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MS 5000

/* "Pid:\t1234" in what the kernel says of a pidfd; -1 if that process is gone. */
static pid_t
read_pidfd (int fd)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fdinfo/%d", fd);
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return -1;
  const char *line = strstr (text, "Pid:");
  return line != NULL ? (pid_t) g_ascii_strtoll (line + strlen ("Pid:"), NULL, 10) : -1;
}

static gboolean
is_alive (pid_t pid, int pidfd)
{
  struct pollfd ended = {.fd = pidfd, .events = POLLIN};
  return pidfd >= 0 ? poll (&ended, 1, 0) == 0 : kill (pid, 0) == 0;
}

/* A number may be another process's by now: it counts only if somebody has it before and
   after the look. @pidfd, or -1 where the bus knows none, cannot become another's. */
static gboolean
look_up (pid_t pid, int pidfd, EstOrigin *origin)
{
  if (pid <= 0 || !is_alive (pid, pidfd))
    return FALSE;
  *origin = est_origin_of_process (pid);
  return is_alive (pid, pidfd);
}

static gboolean
look_up_credentials (GVariant *credentials, GUnixFDList *fds, EstOrigin *origin)
{
  guint32 pid = 0;
  g_autoptr (GVariant) handle
    = g_variant_lookup_value (credentials, "ProcessFD", G_VARIANT_TYPE_HANDLE);
  int pidfd = handle != NULL ? est_methods_take_fd (fds, handle) : -1;
  g_variant_lookup (credentials, "ProcessID", "u", &pid);
  gboolean known = look_up (pidfd >= 0 ? read_pidfd (pidfd) : (pid_t) pid, pidfd, origin);
  if (pidfd >= 0)
    close (pidfd);
  return known;
}

static gboolean
ask_bus (GDBusConnection *bus, const char *name, EstOrigin *origin)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_sync (
    bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "GetConnectionCredentials", g_variant_new ("(s)", name), G_VARIANT_TYPE ("(a{sv})"),
    G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, NULL, &fds, NULL, NULL);
  if (answer == NULL)
    return FALSE;
  g_autoptr (GVariant) credentials = g_variant_get_child_value (answer, 0);
  return look_up_credentials (credentials, fds, origin);
}

static gboolean
ask_peer (GDBusConnection *connection, EstOrigin *origin)
{
  GCredentials *peer = g_dbus_connection_get_peer_credentials (connection);
  return peer != NULL && look_up (g_credentials_get_unix_pid (peer, NULL), -1, origin);
}

/* On our own socket a message may bear any sender's name: only a bus writes true ones. */
gboolean
est_caller_origin (GDBusMethodInvocation *invocation, EstOrigin *origin)
{
  GDBusConnection *connection = g_dbus_method_invocation_get_connection (invocation);
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  *origin = (EstOrigin){0};
  if (g_dbus_connection_get_unique_name (connection) == NULL)
    return ask_peer (connection, origin);
  return sender != NULL && ask_bus (connection, sender, origin);
}

static gboolean
refuse (GDBusMethodInvocation *invocation, const char *why)
{
  g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR,
                                                 G_DBUS_ERROR_ACCESS_DENIED, why);
  return FALSE;
}

static gboolean
is_import (GDBusMethodInvocation *invocation)
{
  return g_str_equal (g_dbus_method_invocation_get_interface_name (invocation),
                      est_bus_outbox1_interface_info ()->name)
         && g_str_equal (g_dbus_method_invocation_get_method_name (invocation), "Import");
}

/* In a thread of GDBus. */
static gboolean
on_authorize (GDBusInterfaceSkeleton *skeleton,
              GDBusMethodInvocation *invocation,
              gpointer data)
{
  g_auto (EstOrigin) origin = {0};
  if (!est_caller_origin (invocation, &origin))
    return refuse (invocation, "it cannot be told which program calls");
  if (!origin.sandboxed || is_import (invocation))
    return TRUE;
  return refuse (invocation,
                 "an app in a sandbox can hand mail in, by SMTP or Import, and no more");
}

void
est_caller_guard (GDBusInterfaceSkeleton *skeleton)
{
  g_signal_connect (skeleton, "g-authorize-method", G_CALLBACK (on_authorize), NULL);
}
