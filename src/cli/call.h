/* A method that takes its time, while signals about it are heard. */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

/* Calls @method of the GDBusProxy @proxy and runs the main context until the answer is
   there, or until @cancellable. @parameters is sunk, @fds may be NULL. The answer's
   tuple, new reference; NULL with an error. */
GVariant *est_call (gpointer proxy,
                    const char *method,
                    GVariant *parameters,
                    GUnixFDList *fds,
                    GCancellable *cancellable,
                    GError **error);
