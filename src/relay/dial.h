/* Connects to the first of several addresses that answers: one after the other without
   waiting long for any (RFC 8305), so that a dead one costs a quarter of a second.
   Internal to relay/. */
#pragma once

#include <gio/gio.h>

/* Tries @list (GSocketAddress, at least one; see addresses.h). Blocks until @cancellable
   is cancelled; nothing of it goes on behind the caller's back. @negotiated: whether a
   proxy was connected to, so that the error is about what it said; NULL: proxies are
   connected to, but not asked for anything.
   Errors: of GIO, the last one where several addresses failed. */
GSocket *est_dial (GPtrArray *list,
                   GCancellable *cancellable,
                   gboolean *negotiated,
                   GError **error);
