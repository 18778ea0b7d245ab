/* The sync calls of GDBus hear no signals. */
#include "cli/call.h"

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;
  *place = g_object_ref (result);
}

GVariant *
est_call (gpointer proxy,
          const char *method,
          GVariant *parameters,
          GUnixFDList *fds,
          GCancellable *cancellable,
          GError **error)
{
  GAsyncResult *answer = NULL;
  g_dbus_proxy_call_with_unix_fd_list (proxy, method, parameters, G_DBUS_CALL_FLAGS_NONE,
                                       -1, fds, cancellable, on_answer, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (GAsyncResult) result = answer;
  return g_dbus_proxy_call_with_unix_fd_list_finish (proxy, NULL, result, error);
}
