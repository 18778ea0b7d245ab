/* From a host's name to a connected socket: directly, or through a proxy. Internal to
   relay/. */
#pragma once

#include "account/account.h"

#include <gio/gio.h>

typedef struct
{
  GSocket *socket;
  char *through; /* the proxy, "socks5://192.0.2.1:1080"; NULL: none */
  char *figures; /* of the error, see EstOutcome; NULL */
} EstConnection;

void est_connection_clear (EstConnection *connection);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstConnection, est_connection_clear)

/* All of it together, from asking for proxies and names to the proxy's consent, may take
   @seconds. @connection is zeroed before. Errors: EST_RELAY_ERROR with OFFLINE (the
   kernel has no route to anywhere), NAME_LOOKUP, UNREACHABLE, TIMED_OUT; PROXY; STRANGER
   (see owner.h), DISCONNECTED; NO_TLS for an account without encryption whose host is not
   on this machine: nothing there is connected to. G_IO_ERROR_CANCELLED. */
gboolean est_connect (const EstAccount *account,
                      guint seconds,
                      GCancellable *cancellable,
                      EstConnection *connection,
                      GError **error);
