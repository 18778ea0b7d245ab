/* Looks the relay's name up and tries its addresses one after the other. */
#include "relay/connect.h"

#include "account/limit.h"
#include "outcome/relay-error.h"
#include "wire/deadline.h"

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

static gboolean
is_online (void)
{
  return has_route (G_SOCKET_FAMILY_IPV4, "192.0.2.1")
         || has_route (G_SOCKET_FAMILY_IPV6, "2001:db8::1");
}

/* The resolver knows no time limit of its own. */
static GList *
look_up_name (const char *host, guint seconds, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (EstLimit) limit = est_limit_new (seconds, cancellable);
  GList *addresses = g_resolver_lookup_by_name (
    resolver, host, est_limit_get_cancellable (limit), &cause);
  if (addresses != NULL)
    return addresses;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  g_set_error (error, EST_RELAY_ERROR,
               is_online () ? EST_REASON_NAME_LOOKUP : EST_REASON_OFFLINE,
               "looking up %s: %s", host,
               est_limit_has_passed (limit) ? "no answer in time" : cause->message);
  return NULL;
}

typedef struct
{
  int code; /* of G_IO_ERROR */
  EstReason reason;
} Meaning;

/* No such protocol family (IPv6 switched off) is no network for that address. */
static const Meaning meanings[] = {
  {G_IO_ERROR_NETWORK_UNREACHABLE, EST_REASON_OFFLINE  },
  {G_IO_ERROR_NOT_SUPPORTED,       EST_REASON_OFFLINE  },
  {G_IO_ERROR_TIMED_OUT,           EST_REASON_TIMED_OUT},
};

static EstReason
reason_for (const GError *cause)
{
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_error_matches (cause, G_IO_ERROR, meanings[i].code))
      return meanings[i].reason;
  return EST_REASON_UNREACHABLE;
}

static gboolean
finish_connecting (GSocket *socket,
                   gint64 limit,
                   GCancellable *cancellable,
                   GError **error)
{
  return g_socket_condition_timed_wait (socket, G_IO_OUT, limit, cancellable, error)
         && g_socket_check_connect_result (socket, error);
}

/* @limit: microseconds. */
static GSocket *
try_address (GInetAddress *address,
             guint16 port,
             gint64 limit,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GSocketAddress) target = g_inet_socket_address_new (address, port);
  g_autoptr (GSocket) socket
    = g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_STREAM,
                    G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  if (g_socket_connect (socket, target, cancellable, &cause)
      || (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PENDING)
          && finish_connecting (socket, limit, cancellable, error)))
    return g_steal_pointer (&socket);
  if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PENDING))
    g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

/* Without encryption the name's address decides, whatever the name promises. */
static gboolean
is_allowed (const EstAccount *account, GInetAddress *address, GError **error)
{
  if (account->security != EST_SECURITY_NONE || g_inet_address_get_is_loopback (address))
    return TRUE;
  g_set_error (error, EST_RELAY_ERROR, EST_REASON_NO_TLS,
               "%s is not on this machine: nothing is sent there without encryption",
               account->host);
  return FALSE;
}

/* The first address's trouble is the one to tell, unless it was only that this machine
   has no network of that family. */
static void
keep_trouble (GError **kept, const EstAccount *account, const GError *cause)
{
  if (*kept != NULL && (*kept)->code != EST_REASON_OFFLINE)
    return;
  g_clear_error (kept);
  g_set_error (kept, EST_RELAY_ERROR, (int) reason_for (cause),
               "connecting to %s port %u: %s", account->host, account->port,
               cause->message);
}

GSocket *
est_connect (const EstAccount *account,
             guint seconds,
             GCancellable *cancellable,
             GError **error)
{
  g_autolist (GInetAddress) addresses
    = look_up_name (account->host, seconds, cancellable, error);
  if (addresses == NULL)
    return NULL;

  EstDeadline deadline = est_deadline_in ((gint64) seconds * 1000);
  g_autoptr (GError) trouble = NULL;
  guint untried = g_list_length (addresses);
  for (GList *each = addresses; each != NULL; each = each->next, untried--)
    {
      g_autoptr (GError) cause = NULL;
      gint64 share = est_deadline_left (deadline) / untried;
      if (!is_allowed (account, each->data, error))
        return NULL;
      GSocket *socket
        = try_address (each->data, account->port, share, cancellable, &cause);
      if (socket != NULL)
        return socket;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      keep_trouble (&trouble, account, cause);
    }
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}
