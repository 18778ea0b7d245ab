/* Which ways there are to an account's relay: directly, or through which proxies.
   Internal to relay/. */
#pragma once

#include "account/account.h"
#include "account/proxy.h"

#include <gio/gio.h>

/* To be tried in this order: EstProxy, or NULL for "directly"; at least one. What the
   desktop says (proxy=system) is asked of GProxyResolver, which may load modules and ask
   services, and is never asked about a host of this machine. Errors: EST_RELAY_ERROR with
   OFFLINE or PROXY. */
GPtrArray *
est_ways_find (const EstAccount *account, GCancellable *cancellable, GError **error);
