/* To a relay through a proxy. Internal to relay/. */
#pragma once

#include "account/proxy.h"
#include "relay/connect.h"
#include "relay/trip.h"

/* Fills @connection in. EST_RELAY_ERROR: PROXY (with "absent", "sign-in" or "refused" as
   figures where that is known), OFFLINE, UNREACHABLE (the proxy says so of the relay),
   NO_TLS (an account without encryption), NAME_LOOKUP (socks4). */
gboolean est_detour_go (const EstTrip *trip,
                        const EstProxy *proxy,
                        EstConnection *connection,
                        GError **error);
