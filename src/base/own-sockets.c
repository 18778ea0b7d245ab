/* One list for the process: those who listen and those who connect know nothing of each
   other. */
#include "base/own-sockets.h"

#include <string.h>

static GMutex mutex;
static GPtrArray *open_sockets; /* GInetSocketAddress; NULL before the first */

/* What IPv6 writes as "::ffff:127.0.0.1" (RFC 4291 2.5.5.2). */
static GInetAddress *
unmap (GInetAddress *address)
{
  static const guint8 prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const guint8 *octets = g_inet_address_to_bytes (address);
  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6
      || memcmp (octets, prefix, sizeof prefix) != 0)
    return g_object_ref (address);
  return g_inet_address_new_from_bytes (octets + sizeof prefix, G_SOCKET_FAMILY_IPV4);
}

/* Where a connection to the address of @target arrives. */
static GInetAddress *
find_end (GInetSocketAddress *target)
{
  g_autoptr (GInetAddress) address = unmap (g_inet_socket_address_get_address (target));
  return g_inet_address_get_is_any (address)
           ? g_inet_address_new_loopback (g_inet_address_get_family (address))
           : g_steal_pointer (&address);
}

gboolean
est_own_socket_answers (GSocketAddress *listening, GSocketAddress *target)
{
  GInetSocketAddress *own = G_INET_SOCKET_ADDRESS (listening);
  GInetSocketAddress *other = G_INET_SOCKET_ADDRESS (target);
  g_autoptr (GInetAddress) end = find_end (other);
  return g_inet_socket_address_get_port (own) == g_inet_socket_address_get_port (other)
         && g_inet_address_equal (g_inet_socket_address_get_address (own), end);
}

void
est_own_sockets_add (GSocketAddress *address)
{
  g_mutex_lock (&mutex);
  if (open_sockets == NULL)
    open_sockets = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (open_sockets, g_object_ref (address));
  g_mutex_unlock (&mutex);
}

void
est_own_sockets_remove (GSocketAddress *address)
{
  g_mutex_lock (&mutex);
  g_ptr_array_remove (open_sockets, address);
  if (open_sockets->len == 0)
    g_clear_pointer (&open_sockets, g_ptr_array_unref);
  g_mutex_unlock (&mutex);
}

gboolean
est_own_sockets_answer (GSocketAddress *target)
{
  gboolean ours = FALSE;
  g_mutex_lock (&mutex);
  for (guint i = 0; open_sockets != NULL && i < open_sockets->len && !ours; i++)
    ours = est_own_socket_answers (open_sockets->pdata[i], target);
  g_mutex_unlock (&mutex);
  return ours;
}
