/* Way by way, each from a look-up to a socket; what went wrong becomes one reason. */
#include "relay/connect.h"

#include "account/limit.h"
#include "base/own-sockets.h"
#include "outcome/relay-error.h"
#include "relay/detour.h"
#include "relay/dial.h"
#include "relay/lookup.h"
#include "relay/owner.h"
#include "relay/ways.h"

void
est_connection_clear (EstConnection *connection)
{
  g_clear_object (&connection->socket);
  g_clear_pointer (&connection->through, g_free);
  g_clear_pointer (&connection->figures, g_free);
}

/* Without encryption the addresses decide, whatever the name promises. */
static gboolean
is_allowed (const EstAccount *account, GPtrArray *addresses, GError **error)
{
  for (guint i = 0; account->security == EST_SECURITY_NONE && i < addresses->len; i++)
    if (!g_inet_address_get_is_loopback (g_ptr_array_index (addresses, i)))
      {
        g_set_error (
          error, EST_RELAY_ERROR, EST_REASON_NO_TLS,
          "%s is not on this machine: nothing is sent there without encryption",
          account->host);
        return FALSE;
      }
  return TRUE;
}

/* No such protocol family (IPv6 switched off) is no network for that address. */
static gboolean
is_no_route (const GError *cause)
{
  return g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE)
         || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static EstReason
reason_for (const GError *cause)
{
  if (is_no_route (cause) && !est_is_online ())
    return EST_REASON_OFFLINE;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
      || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return EST_REASON_TIMED_OUT;
  return EST_REASON_UNREACHABLE;
}

static GPtrArray *
make_targets (GPtrArray *addresses, guint16 port)
{
  GPtrArray *targets = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < addresses->len; i++)
    {
      GInetAddress *address = g_ptr_array_index (addresses, i);
      g_ptr_array_add (targets, g_inet_socket_address_new (address, port));
    }
  return targets;
}

/* Whatever its name was when it was set up. */
static gboolean
is_somebody_else (const EstAccount *account, GPtrArray *targets, GError **error)
{
  for (guint i = 0; i < targets->len; i++)
    if (est_own_sockets_answer (targets->pdata[i]))
      {
        g_set_error (error, EST_RELAY_ERROR, EST_REASON_LOOP,
                     "%s port %u leads back to Estafeta itself", account->host,
                     account->port);
        return FALSE;
      }
  return TRUE;
}

static gboolean
go_directly (const EstTrip *trip, EstConnection *connection, GError **error)
{
  const EstAccount *account = trip->account;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GPtrArray) addresses
    = est_trip_look_up (trip, account->host, EST_REASON_NAME_LOOKUP, error);
  if (addresses == NULL || !is_allowed (account, addresses, error))
    return FALSE;
  g_autoptr (GPtrArray) targets = make_targets (addresses, account->port);
  if (!is_somebody_else (account, targets, error))
    return FALSE;
  g_autoptr (GArray) noted = est_owner_note (targets);
  connection->socket = est_dial (targets, trip->cancellable, NULL, &cause);
  if (connection->socket != NULL)
    return est_owner_check (account, connection->socket, noted, &connection->figures,
                            error);
  g_set_error (error, EST_RELAY_ERROR, (int) reason_for (cause),
               "connecting to %s port %u: %s", account->host, account->port,
               est_trip_say (trip, cause));
  return FALSE;
}

/* The first way's trouble is the one to tell. */
static gboolean
go (const EstTrip *trip, GPtrArray *ways, EstConnection *connection, GError **error)
{
  g_autoptr (GError) first = NULL;
  g_autofree char *figures = NULL;
  for (guint i = 0; i < ways->len; i++)
    {
      g_autoptr (GError) trouble = NULL;
      const EstProxy *proxy = g_ptr_array_index (ways, i);
      if (proxy != NULL ? est_detour_go (trip, proxy, connection, &trouble)
                        : go_directly (trip, connection, &trouble))
        return TRUE;
      if (first == NULL)
        {
          figures = g_steal_pointer (&connection->figures);
          first = g_steal_pointer (&trouble);
        }
      est_connection_clear (connection);
      if (g_cancellable_is_cancelled (trip->cancellable))
        break;
    }
  connection->figures = g_steal_pointer (&figures);
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

gboolean
est_connect (const EstAccount *account,
             guint seconds,
             GCancellable *cancellable,
             EstConnection *connection,
             GError **error)
{
  g_autoptr (GError) trouble = NULL;
  g_autoptr (EstLimit) limit = est_limit_new (seconds, cancellable);
  const EstTrip trip = {account, limit, est_limit_get_cancellable (limit)};
  g_autoptr (GPtrArray) ways = est_ways_find (account, trip.cancellable, &trouble);
  if (ways != NULL && go (&trip, ways, connection, &trouble))
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}
