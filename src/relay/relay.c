/* Opens the conversation step by step, and ends it. */
#include "relay/relay.h"

#include "account/acquaintance.h"
#include "relay/connect.h"
#include "relay/secure.h"
#include "relay/signin.h"
#include "relay/talk.h"

#define EHLO           "EHLO [127.0.0.1]\r\n"
#define FAREWELL_LIMIT 1 /* seconds */

void
est_trouble_clear (EstTrouble *trouble)
{
  g_clear_pointer (&trouble->reply, est_reply_unref);
  g_clear_pointer (&trouble->figures, g_free);
}

static void
begin (EstRelay *relay, EstStep step)
{
  if (relay->listener.begins != NULL)
    relay->listener.begins (step, relay->listener.data);
}

/* Read before anything is said to anybody. */
static gboolean
carry_certificate (EstRelay *relay, EstAccount *account, GError **error)
{
  GError *cause = NULL;
  if (account->certificate == NULL)
    return TRUE;
  EstClientPair *own = est_client_pair_load (account->certificate, account->key, &cause);
  if (own == NULL)
    return est_talk_fail (cause, error);
  est_wire_carry (relay->wire, own);
  return TRUE;
}

/* "192.0.2.1:465", or what was asked of a proxy. */
static char *
describe_peer (EstRelay *relay, const EstAccount *account, const char *through)
{
  if (through == NULL)
    return g_strdup (est_wire_peer_name (relay->wire));
  return g_strdup_printf ("%s:%u (%s)", account->host, account->port, through);
}

static gboolean
connect_to (EstRelay *relay, EstAccount *account, GError **error)
{
  g_auto (EstConnection) connection = {0};
  guint seconds = relay->limits.connect_seconds;
  begin (relay, EST_STEP_CONNECT);
  if (!est_connect (account, seconds, relay->cancellable, &connection, error))
    {
      relay->trouble.figures = g_steal_pointer (&connection.figures);
      return FALSE;
    }
  relay->wire = est_wire_new (connection.socket, relay->cancellable);
  est_wire_take_in_while_sending (relay->wire);
  relay->route.peer = describe_peer (relay, account, connection.through);
  relay->in_step = TRUE;
  if (connection.through == NULL)
    est_secure_ask (relay, account);
  return carry_certificate (relay, account, error);
}

static gboolean
greet (EstRelay *relay, GError **error)
{
  guint seconds = relay->limits.greeting_seconds;
  begin (relay, EST_STEP_GREETING);
  relay->greeting = est_talk_ask (relay, EST_STAGE_GREETING, seconds, NULL, error);
  return relay->greeting != NULL;
}

/* Again after STARTTLS: what was offered in the clear may be a lie (RFC 3207 4.2). */
static gboolean
say_ehlo (EstRelay *relay, GError **error)
{
  guint seconds = relay->limits.command_seconds;
  begin (relay, EST_STEP_EHLO);
  g_autoptr (EstReply) reply = est_talk_ask (relay, EST_STAGE_EHLO, seconds, EHLO, error);
  if (reply == NULL)
    return FALSE;
  g_clear_pointer (&relay->capabilities, est_capabilities_free);
  relay->capabilities = est_capabilities_parse (reply);
  return TRUE;
}

static gboolean
secure (EstRelay *relay, EstAccount *account, GError **error)
{
  begin (relay, EST_STEP_TLS);
  return est_secure (relay, account, error);
}

static gboolean
start_tls (EstRelay *relay, EstAccount *account, GError **error)
{
  begin (relay, EST_STEP_TLS);
  if (!relay->capabilities->starttls)
    {
      g_set_error_literal (error, EST_RELAY_ERROR, EST_REASON_NO_TLS,
                           "the relay does not offer STARTTLS");
      return FALSE;
    }
  guint seconds = relay->limits.command_seconds;
  g_autoptr (EstReply) reply
    = est_talk_ask (relay, EST_STAGE_STARTTLS, seconds, "STARTTLS\r\n", error);
  return reply != NULL && est_secure (relay, account, error) && say_ehlo (relay, error);
}

static gboolean
converse (EstRelay *relay,
          EstAccount *account,
          EstCredentials *credentials,
          GError **error)
{
  if (!connect_to (relay, account, error))
    return FALSE;
  if (account->security == EST_SECURITY_TLS && !secure (relay, account, error))
    return FALSE;
  if (!greet (relay, error) || !say_ehlo (relay, error))
    return FALSE;
  if (account->security == EST_SECURITY_STARTTLS && !start_tls (relay, account, error))
    return FALSE;
  est_acquaintance_note (account, relay->capabilities, est_wire_is_secure (relay->wire));
  begin (relay, EST_STEP_SIGN_IN);
  if (!est_sign_in (relay, account, credentials, error))
    return FALSE;
  est_secure_note (relay, account);
  return TRUE;
}

EstRelay *
est_relay_open_watched (EstAccount *account,
                        const EstDeliverySettings *limits,
                        EstCredentials *credentials,
                        const EstStepListener *listener,
                        GCancellable *cancellable,
                        EstTrouble *trouble,
                        GError **error)
{
  g_autoptr (EstRelay) relay = g_new0 (EstRelay, 1);
  relay->limits = *limits;
  if (listener != NULL)
    relay->listener = *listener;
  relay->acquaintance = est_acquaintance_name (account);
  relay->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  gboolean open = converse (relay, account, credentials, error);
  if (open)
    return g_steal_pointer (&relay);
  if (trouble != NULL)
    {
      *trouble = relay->trouble;
      relay->trouble = (EstTrouble){0};
    }
  return NULL;
}

EstRelay *
est_relay_open (EstAccount *account,
                const EstDeliverySettings *limits,
                EstCredentials *credentials,
                GCancellable *cancellable,
                EstTrouble *trouble,
                GError **error)
{
  return est_relay_open_watched (account, limits, credentials, NULL, cancellable, trouble,
                                 error);
}

/* Only where a command may come: in the middle of content it would become content. */
static void
say_goodbye (EstRelay *relay)
{
  if (est_talk_say (relay, FAREWELL_LIMIT, "QUIT\r\n", NULL))
    est_talk_skip (relay, FAREWELL_LIMIT);
}

void
est_relay_close (EstRelay *relay)
{
  if (relay == NULL)
    return;
  if (relay->in_step)
    say_goodbye (relay);
  est_wire_free (relay->wire);
  est_dane_free (relay->dane);
  g_clear_pointer (&relay->capabilities, est_capabilities_free);
  g_clear_object (&relay->cancellable);
  g_free (relay->acquaintance);
  g_clear_pointer (&relay->greeting, est_reply_unref);
  est_trouble_clear (&relay->trouble);
  g_free (relay->route.peer);
  g_free (relay->route.tls);
  g_free (relay->route.mechanism);
  g_free (relay);
}

static gboolean
has_had_enough (const EstRelay *relay)
{
  guint most = relay->capabilities->mail_max;
  return most > 0 && relay->n_transactions >= most;
}

/* A relay that hangs up an idle connection says 421, or nothing: either can be read. */
gboolean
est_relay_is_usable (EstRelay *relay)
{
  return relay->in_step && !has_had_enough (relay) && !est_wire_is_readable (relay->wire);
}

const EstRoute *
est_relay_route (EstRelay *relay)
{
  return &relay->route;
}

const EstCapabilities *
est_relay_offers (EstRelay *relay)
{
  return relay->capabilities;
}
