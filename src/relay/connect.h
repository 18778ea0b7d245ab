/* From a host's name to a connected socket. Internal to relay/. */
#pragma once

#include "account/account.h"

#include <gio/gio.h>

/* Each of name look-up and connecting may take @seconds. Errors: EST_RELAY_ERROR with
   OFFLINE, NAME_LOOKUP, UNREACHABLE, TIMED_OUT, or NO_TLS for an account without
   encryption whose host is not on this machine; G_IO_ERROR_CANCELLED. */
GSocket *est_connect (const EstAccount *account,
                      guint seconds,
                      GCancellable *cancellable,
                      GError **error);
