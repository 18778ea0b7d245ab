/* Export, Import: content crosses as a file descriptor, never as a string. */
#include "desktop/caller.h"
#include "desktop/methods.h"
#include "desktop/outbox-methods.h"
#include "desktop/selection-values.h"
#include "interface/names.h"
#include "outbox/control.h"

#include <unistd.h>

gboolean
est_outbox_on_export (EstBusOutbox1 *skeleton,
                      GDBusMethodInvocation *invocation,
                      GUnixFDList *fds,
                      guint64 id,
                      EstOutboxObject *object)
{
  g_autoptr (GError) error = NULL;
  int fd = est_control_export (object->outbox, (gint64) MIN (id, G_MAXINT64), &error);
  if (fd < 0)
    return est_outbox_return_error (invocation, error);
  g_autoptr (GUnixFDList) out = g_unix_fd_list_new_from_array (&fd, 1);
  est_bus_outbox1_complete_export (skeleton, invocation, out, g_variant_new_handle (0));
  return TRUE;
}

static gboolean
return_not_taken (GDBusMethodInvocation *invocation, const char *why)
{
  g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_NOT_TAKEN, why);
  return TRUE;
}

static gboolean
import_file (EstOutboxObject *object,
             GDBusMethodInvocation *invocation,
             EstImport *import,
             const EstOrigin *origin,
             int fd)
{
  gint64 id = 0;
  g_autoptr (GError) error = NULL;
  if (fd < 0)
    return return_not_taken (invocation, "no file came with the call");
  import->origin = origin->sandboxed ? origin : NULL;
  gboolean good = est_import (object->intake, fd, import, &id, &error);
  close (fd);
  if (!good)
    return return_not_taken (invocation, error->message);
  est_bus_outbox1_complete_import (object->skeleton, invocation, NULL, (guint64) id);
  return TRUE;
}

gboolean
est_outbox_on_import (EstBusOutbox1 *skeleton,
                      GDBusMethodInvocation *invocation,
                      GUnixFDList *fds,
                      GVariant *file,
                      GVariant *options,
                      EstOutboxObject *object)
{
  EstImport import;
  g_auto (EstOrigin) origin = {0};
  g_autoptr (GError) error = NULL;
  if (!est_caller_origin (invocation, &origin))
    return return_not_taken (invocation, "it cannot be told which program calls");
  gboolean done = est_import_read (&import, options, &error)
                    ? import_file (object, invocation, &import, &origin,
                                   est_methods_take_fd (fds, file))
                    : est_outbox_return_error (invocation, error);
  g_free (import.recipients);
  return done;
}
