/* Signs in: the mechanism, the secret, the exchange. */
#include "relay/signin.h"

#include "relay/secure.h"
#include "wire/sasl.h"

#include <string.h>

#define LONGEST_COMMAND 512 /* octets with CRLF: RFC 5321 4.5.3.1.4, RFC 4954 4 */
#define MOST_CHALLENGES 8

static void
free_secret_text (char *text)
{
  if (text != NULL)
    est_secret_wipe (text, strlen (text));
  g_free (text);
}

typedef char SecretText;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SecretText, free_secret_text)

/* The steps before this one see to it; this is the last door. */
static gboolean
may_send_secrets (EstRelay *relay, EstAccount *account, GError **error)
{
  if (est_wire_is_secure (relay->wire) || account->security == EST_SECURITY_NONE)
    return TRUE;
  g_set_error_literal (error, EST_RELAY_ERROR, EST_REASON_NO_TLS,
                       "the connection is not encrypted");
  return FALSE;
}

static const char *
choose_mechanism (EstRelay *relay, EstAccount *account, GError **error)
{
  char **offered = relay->capabilities->mechanisms;
  const char *mechanism = est_sasl_choose ((const char *const *) offered, account->auth);
  if (mechanism != NULL)
    return mechanism;
  g_autofree char *list = g_strjoinv (" ", offered);
  g_set_error (error, EST_RELAY_ERROR, EST_REASON_NO_MECHANISM,
               "wanted: %s; the relay offers: %s", account->auth,
               *list != '\0' ? list : "none");
  return NULL;
}

static EstSecret *
look_up (EstRelay *relay,
         EstAccount *account,
         EstCredentials *credentials,
         GError **error)
{
  GError *cause = NULL;
  EstSecret *secret = est_credentials_lookup (
    credentials, account, relay->limits.keyring_seconds, relay->cancellable, &cause);
  if (secret == NULL)
    est_talk_fail (cause, error);
  return secret;
}

/* An initial response that makes the line too long waits for an empty challenge; it is
   left in @response then. */
static char *
make_command (const char *mechanism, char **response)
{
  if (*response == NULL)
    return g_strdup_printf ("AUTH %s\r\n", mechanism);
  char *line
    = g_strdup_printf ("AUTH %s %s\r\n", mechanism, **response != '\0' ? *response : "=");
  if (strlen (line) <= LONGEST_COMMAND)
    {
      free_secret_text (g_steal_pointer (response));
      return line;
    }
  free_secret_text (line);
  return g_strdup_printf ("AUTH %s\r\n", mechanism);
}

/* "*" makes the relay end the exchange with a 501 (RFC 4954 4): then both are in step
   again and can part in peace. */
static void
call_off (EstRelay *relay)
{
  guint seconds = relay->limits.command_seconds;
  if (est_talk_say (relay, seconds, "*\r\n", NULL))
    est_talk_skip (relay, seconds);
}

static char *
answer_challenge (EstRelay *relay, EstSasl *sasl, const char *challenge, GError **error)
{
  GError *cause = NULL;
  g_autoptr (SecretText) response = NULL;
  if (!est_sasl_step (sasl, challenge, &response, &cause))
    {
      call_off (relay);
      est_talk_fail (cause, error);
      return NULL;
    }
  return g_strdup_printf ("%s\r\n", response != NULL ? response : "");
}

/* The relay said yes: did it also prove what the mechanism wants proved? */
static gboolean
is_proved (EstSasl *sasl, const char *mechanism, GError **error)
{
  if (est_sasl_is_complete (sasl))
    return TRUE;
  g_set_error (error, EST_RELAY_ERROR, EST_REASON_PROTOCOL,
               "the relay cut %s short: it did not prove that it knows the password",
               mechanism);
  return FALSE;
}

static gboolean
exchange (EstRelay *relay, EstSasl *sasl, const char *mechanism, GError **error)
{
  guint seconds = relay->limits.command_seconds;
  g_autoptr (SecretText) first = NULL;
  GError *cause = NULL;
  if (!est_sasl_step (sasl, NULL, &first, &cause))
    return est_talk_fail (cause, error);

  g_autoptr (SecretText) line = make_command (mechanism, &first);
  for (guint challenges = 0; challenges <= MOST_CHALLENGES; challenges++)
    {
      g_autoptr (EstReply) reply
        = est_talk_ask (relay, EST_STAGE_AUTH, seconds, line, error);
      if (reply == NULL)
        return FALSE;
      if (est_reply_class (reply) == 2)
        return is_proved (sasl, mechanism, error);
      free_secret_text (g_steal_pointer (&line));
      if (first != NULL)
        line = g_strconcat (first, "\r\n", NULL);
      else
        line = answer_challenge (relay, sasl, reply->text, error);
      free_secret_text (g_steal_pointer (&first));
      if (line == NULL)
        return FALSE;
    }
  call_off (relay);
  g_set_error_literal (error, EST_RELAY_ERROR, EST_REASON_PROTOCOL,
                       "signing in takes too many steps");
  return FALSE;
}

static gboolean
sign_in_with (EstRelay *relay,
              EstAccount *account,
              const char *mechanism,
              EstSecret *secret,
              GError **error)
{
  GError *cause = NULL;
  g_autoptr (EstSasl) sasl
    = est_sasl_new (mechanism, account->user, est_secret_peek (secret), &cause);
  if (sasl == NULL)
    return est_talk_fail (cause, error);
  return exchange (relay, sasl, mechanism, error);
}

gboolean
est_sign_in (EstRelay *relay,
             EstAccount *account,
             EstCredentials *credentials,
             GError **error)
{
  if (strcmp (account->auth, "none") == 0)
    return TRUE;
  if (!may_send_secrets (relay, account, error))
    return FALSE;
  const char *mechanism = choose_mechanism (relay, account, error);
  if (mechanism == NULL
      || !est_secure_stays (relay, account, EST_STRENGTH_SIGN_IN, mechanism, error))
    return FALSE;
  g_autoptr (EstSecret) secret = look_up (relay, account, credentials, error);
  if (secret == NULL)
    return FALSE;

  g_autoptr (GError) cause = NULL;
  if (!sign_in_with (relay, account, mechanism, secret, &cause))
    {
      if (g_error_matches (cause, EST_RELAY_ERROR, EST_REASON_SIGN_IN))
        est_credentials_refuse (credentials, account->name, secret);
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  relay->route.mechanism = g_strdup (mechanism);
  return TRUE;
}
