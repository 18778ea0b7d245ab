/* The question of peer.h, turned round. */
#include "relay/owner.h"

#include "base/user.h"
#include "outcome/relay-error.h"
#include "wire/peer.h"

#include <unistd.h>

static gboolean
is_loopback (GSocketAddress *address)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  return g_inet_address_get_is_loopback (g_inet_socket_address_get_address (inet));
}

GArray *
est_owner_note (GPtrArray *list)
{
  GArray *noted = g_array_new (FALSE, FALSE, sizeof (EstPeerListener));
  for (guint i = 0; i < list->len; i++)
    {
      EstPeerListener listener;
      GSocketAddress *address = g_ptr_array_index (list, i);
      if (is_loopback (address)
          && est_peer_look_at_listener (G_INET_SOCKET_ADDRESS (address), &listener, NULL))
        g_array_append_val (noted, listener);
    }
  return noted;
}

static gboolean
is_trusted (const EstAccount *account, uid_t uid)
{
  return uid == geteuid () || uid == 0 || uid == account->relay_user;
}

static gboolean
was_noted (const EstPeerListener *listener, const GArray *noted)
{
  for (guint i = 0; i < noted->len; i++)
    if (g_array_index (noted, EstPeerListener, i).cookie == listener->cookie)
      return TRUE;
  return FALSE;
}

static gboolean
complain (guint32 uid, const EstAccount *account, char **figures, GError **error)
{
  g_autofree char *name = est_user_name (uid);
  if (name == NULL)
    {
      g_set_error (error, EST_RELAY_ERROR, EST_REASON_DISCONNECTED,
                   "port %u: nobody on this machine is at the other end", account->port);
      return FALSE;
    }
  *figures = g_strdup_printf ("%u %s", uid, name);
  g_set_error (error, EST_RELAY_ERROR, EST_REASON_STRANGER,
               "port %u: it is the socket of another user (uid %u, %s)", account->port,
               uid, name);
  return FALSE;
}

static gboolean
prove_otherwise (const EstAccount *account, const GError *cause, GError **error)
{
  if (account->security != EST_SECURITY_NONE)
    return TRUE;
  g_set_error (error, EST_RELAY_ERROR, EST_REASON_STRANGER,
               "port %u: whose socket it is cannot be told: %s", account->port,
               cause->message);
  return FALSE;
}

/* That @noted holds the listener that is there now means that no other one was in
   between, from whose queue the connection could come. */
static gboolean
check_here (const EstAccount *account,
            GSocket *socket,
            GInetSocketAddress *remote,
            const GArray *noted,
            char **figures,
            GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_auto (EstPeer) peer = {.process = -1};
  EstPeerListener listener;
  guint32 uid = EST_USER_UNKNOWN;
  if (est_peer_look (socket, &peer, &cause))
    uid = peer.uid;
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return prove_otherwise (account, cause, error);
  if (uid != EST_USER_UNKNOWN && is_trusted (account, uid))
    return TRUE;
  if (!est_peer_look_at_listener (remote, &listener, NULL))
    return complain (uid, account, figures, error);

  gboolean trusted = is_trusted (account, listener.uid);
  if (trusted && was_noted (&listener, noted))
    return TRUE;
  if (uid == EST_USER_UNKNOWN && !trusted)
    uid = listener.uid;
  return complain (uid, account, figures, error);
}

gboolean
est_owner_check (const EstAccount *account,
                 GSocket *socket,
                 GArray *noted,
                 char **figures,
                 GError **error)
{
  g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);
  if (remote == NULL || !is_loopback (remote))
    return TRUE;
  return check_here (account, socket, G_INET_SOCKET_ADDRESS (remote), noted, figures,
                     error);
}
