/* The addresses to try, in the order to try them in, for GSocketClient: nothing is looked
   up any more, and no other address is ever connected to. Internal to relay/. */
#pragma once

#include <gio/gio.h>

#define EST_TYPE_ADDRESSES (est_addresses_get_type ())
G_DECLARE_FINAL_TYPE (EstAddresses, est_addresses, EST, ADDRESSES, GObject)

/* @list: GSocketAddress, at least one. A GProxyAddress is connected to and then asked to
   connect on. */
EstAddresses *est_addresses_new (GPtrArray *list);

/* New references to @found (GInetAddress): IPv6 and IPv4 by turns, beginning with the
   family of the first, else in their order (RFC 8305 4), and no more than can be tried in
   a reasonable time. */
GPtrArray *est_addresses_take_turns (GList *found);
