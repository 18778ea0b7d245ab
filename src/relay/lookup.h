/* The addresses of a name, and whether there is a network at all. Internal to relay/. */
#pragma once

#include <gio/gio.h>

/* GInetAddress in the order to try them in; at least one. @host: a name, or an address
   literal. Errors: G_RESOLVER_ERROR, G_IO_ERROR. */
GPtrArray *est_look_up (const char *host, GCancellable *cancellable, GError **error);

/* Whether the kernel has a route to somewhere, of either family. Nothing is sent. */
gboolean est_is_online (void);
