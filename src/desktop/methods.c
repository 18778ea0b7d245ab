/* Methods and what keeps their object alive. */
#include "desktop/methods.h"

void
est_methods_connect (GDBusInterfaceSkeleton *skeleton,
                     const EstMethod *methods,
                     gsize n_methods,
                     gpointer object,
                     GClosureNotify release)
{
  g_dbus_interface_skeleton_set_flags (
    skeleton, G_DBUS_INTERFACE_SKELETON_FLAGS_HANDLE_METHOD_INVOCATIONS_IN_THREAD);
  for (gsize i = 0; i < n_methods; i++)
    g_signal_connect_data (skeleton, methods[i].signal, methods[i].run,
                           g_atomic_rc_box_acquire (object), release, 0);
}

void
est_methods_return_error (GDBusMethodInvocation *invocation,
                          const EstErrorName *names,
                          gsize n_names,
                          const GError *error)
{
  const char *name = "org.freedesktop.DBus.Error.Failed";
  for (gsize i = 0; i < n_names; i++)
    if (g_error_matches (error, names[i].domain, names[i].code))
      name = names[i].name;
  g_dbus_method_invocation_return_dbus_error (invocation, name, error->message);
}

int
est_methods_take_fd (GUnixFDList *fds, GVariant *handle)
{
  gint32 place = g_variant_get_handle (handle);
  if (fds == NULL || place < 0 || place >= g_unix_fd_list_get_length (fds))
    return -1;
  return g_unix_fd_list_get (fds, place, NULL);
}
