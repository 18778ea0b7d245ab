/* GIO speaks with the proxy; what it says becomes a reason here. */
#include "relay/detour.h"

#include "relay/dial.h"
#include "relay/lookup.h"

#include <string.h>

static char *
find_ipv4 (GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      GInetAddress *address = g_ptr_array_index (addresses, i);
      if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
        return g_inet_address_to_string (address);
    }
  return NULL;
}

/* What the proxy is to connect to: the name, for it may know names better than we do.
   SOCKS 4 knows only IPv4; GIO does not put an IPv6 literal into brackets for HTTP. */
static char *
name_destination (const EstTrip *trip, const EstProxy *proxy, GError **error)
{
  const char *host = trip->account->host;
  if (g_str_equal (proxy->kind, "http") && strchr (host, ':') != NULL)
    return g_strdup_printf ("[%s]", host);
  if (!g_str_equal (proxy->kind, "socks4"))
    return g_strdup (host);
  g_autoptr (GPtrArray) addresses
    = est_trip_look_up (trip, host, EST_REASON_NAME_LOOKUP, error);
  char *address = addresses != NULL ? find_ipv4 (addresses) : NULL;
  if (addresses != NULL && address == NULL)
    g_set_error (error, EST_RELAY_ERROR, EST_REASON_PROXY,
                 "%s has no IPv4 address, which a socks4 proxy needs", host);
  return address;
}

static GPtrArray *
make_detours (const EstTrip *trip, const EstProxy *proxy, GError **error)
{
  g_autofree char *destination = name_destination (trip, proxy, error);
  g_autoptr (GPtrArray) addresses
    = destination != NULL ? est_trip_look_up (trip, proxy->host, EST_REASON_PROXY, error)
                          : NULL;
  if (addresses == NULL)
    return NULL;
  GPtrArray *detours = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < addresses->len; i++)
    g_ptr_array_add (
      detours,
      g_object_new (G_TYPE_PROXY_ADDRESS, "address", g_ptr_array_index (addresses, i),
                    "port", proxy->port, "protocol", proxy->kind, "destination-hostname",
                    destination, "destination-port", trip->account->port, "username",
                    proxy->user, "password", proxy->password, NULL));
  return detours;
}

/* What a proxy says of the relay; anything else is about itself. */
static gboolean
is_about_relay (const GError *cause)
{
  return g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)
         || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE)
         || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE);
}

/* A proxy on this machine is there without a network, too. */
static gboolean
is_on_this_machine (GPtrArray *detours)
{
  GInetSocketAddress *address = g_ptr_array_index (detours, 0);
  return g_inet_address_get_is_loopback (g_inet_socket_address_get_address (address));
}

typedef struct
{
  int code; /* of G_IO_ERROR */
  const char *figures;
} Particular;

static const char *
particular_of (const GError *cause, gboolean negotiated)
{
  static const Particular particulars[] = {
    {G_IO_ERROR_PROXY_NEED_AUTH,   "sign-in"},
    {G_IO_ERROR_PROXY_AUTH_FAILED, "sign-in"},
    {G_IO_ERROR_PROXY_NOT_ALLOWED, "refused"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (particulars); i++)
    if (g_error_matches (cause, G_IO_ERROR, particulars[i].code))
      return particulars[i].figures;
  return negotiated ? NULL : "absent";
}

/* Step by step, because the asynchronous SOCKS 4 of GIO loses some octets each time. */
static GSocket *
dial_socks4 (GPtrArray *detours,
             const char *kind,
             GCancellable *cancellable,
             gboolean *negotiated,
             GError **error)
{
  g_autoptr (GSocket) socket = est_dial (detours, cancellable, NULL, error);
  if (socket == NULL)
    return NULL;
  *negotiated = TRUE;
  g_autoptr (GProxy) proxy = g_proxy_get_default_for_protocol (kind);
  g_autoptr (GSocketConnection) connection
    = g_socket_connection_factory_create_connection (socket);
  g_autoptr (GIOStream) stream = g_proxy_connect (
    proxy, G_IO_STREAM (connection), g_ptr_array_index (detours, 0), cancellable, error);
  return stream != NULL ? g_steal_pointer (&socket) : NULL;
}

static GSocket *
dial (GPtrArray *detours,
      const char *kind,
      GCancellable *cancellable,
      gboolean *negotiated,
      GError **error)
{
  if (g_str_has_prefix (kind, "socks4"))
    return dial_socks4 (detours, kind, cancellable, negotiated, error);
  return est_dial (detours, cancellable, negotiated, error);
}

gboolean
est_detour_go (const EstTrip *trip,
               const EstProxy *proxy,
               EstConnection *connection,
               GError **error)
{
  gboolean negotiated = FALSE;
  g_autoptr (GError) cause = NULL;
  g_autofree char *name = est_proxy_show (proxy);
  if (trip->account->security == EST_SECURITY_NONE)
    {
      g_set_error (error, EST_RELAY_ERROR, EST_REASON_NO_TLS,
                   "nothing is sent through %s without encryption", name);
      return FALSE;
    }
  g_autoptr (GPtrArray) detours = make_detours (trip, proxy, error);
  if (detours == NULL)
    return FALSE;
  connection->socket
    = dial (detours, proxy->kind, trip->cancellable, &negotiated, &cause);
  if (connection->socket != NULL)
    {
      connection->through = g_steal_pointer (&name);
      return TRUE;
    }

  EstReason reason = EST_REASON_PROXY;
  if ((!negotiated || is_on_this_machine (detours)) && !est_is_online ())
    reason = EST_REASON_OFFLINE;
  else if (negotiated && is_about_relay (cause))
    reason = EST_REASON_UNREACHABLE;
  if (reason == EST_REASON_PROXY)
    connection->figures = g_strdup (particular_of (cause, negotiated));
  g_set_error (error, EST_RELAY_ERROR, (int) reason, "through %s to %s port %u: %s", name,
               trip->account->host, trip->account->port, est_trip_say (trip, cause));
  return FALSE;
}
