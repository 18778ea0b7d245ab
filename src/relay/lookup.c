/* Names and routes. */
#include "relay/lookup.h"

#include "relay/addresses.h"

GPtrArray *
est_look_up (const char *host, GCancellable *cancellable, GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GList *found = g_resolver_lookup_by_name (resolver, host, cancellable, error);
  if (found == NULL)
    return NULL;
  GPtrArray *addresses = est_addresses_take_turns (found);
  g_resolver_free_addresses (found);
  return addresses;
}

/* Connecting a datagram socket sends nothing: it only asks the kernel for a route. The
   addresses are those of the documentation (RFC 5737, RFC 3849). */
static gboolean
has_route (GSocketFamily family, const char *text)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (text, 9);
  g_autoptr (GSocket) socket
    = g_socket_new (family, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  return socket != NULL && g_socket_connect (socket, address, NULL, NULL);
}

gboolean
est_is_online (void)
{
  return has_route (G_SOCKET_FAMILY_IPV4, "192.0.2.1")
         || has_route (G_SOCKET_FAMILY_IPV6, "2001:db8::1");
}
