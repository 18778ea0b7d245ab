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
