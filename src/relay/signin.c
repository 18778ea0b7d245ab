/* Signs in: the mechanism, the secret, how often. */
#include "relay/signin.h"

#include "relay/dialogue.h"
#include "relay/secure.h"

#include <string.h>

#define TOKEN_TRIES 2 /* one may have run out: RFC 7628 3.2.3 */

/* How one account signs in at one relay. */
typedef struct
{
  const char *mechanism; /* static */
  EstSaslMeans needs;
  EstBinding binding;
  gboolean bindable;        /* @binding is one */
  gboolean binding_offered; /* by the relay */
} Plan;

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

/* A name and a password are never said where a token was meant, and the other way
   round. */
static EstSaslMeans
find_means (const EstAccount *account, const Plan *plan)
{
  EstSaslMeans means
    = est_account_uses_token (account) ? EST_SASL_TOKEN : EST_SASL_PASSWORD;
  if (account->certificate != NULL)
    means |= EST_SASL_CERTIFICATE;
  return plan->bindable ? means | EST_SASL_BINDING : means;
}

static gboolean
make_plan (EstRelay *relay, EstAccount *account, Plan *plan, GError **error)
{
  char **list = relay->capabilities->mechanisms;
  const char *const *offered = (const char *const *) list;
  plan->bindable = est_wire_get_binding (relay->wire, &plan->binding);
  plan->binding_offered = est_sasl_offers_binding (offered);
  plan->mechanism = est_sasl_choose (offered, account->auth, find_means (account, plan));
  if (plan->mechanism != NULL)
    {
      plan->needs = est_sasl_needs (plan->mechanism);
      return TRUE;
    }
  g_autofree char *words = g_strjoinv (" ", list);
  g_set_error (error, EST_RELAY_ERROR, EST_REASON_NO_MECHANISM,
               "wanted: %s; the relay offers: %s", account->auth,
               *words != '\0' ? words : "none");
  return FALSE;
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
  if (secret != NULL)
    return secret;
  if (!g_error_matches (cause, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_REFUSED))
    est_trouble_clear (&relay->trouble);
  est_talk_fail (cause, error);
  return NULL;
}

static gboolean
sign_in_with (EstRelay *relay,
              EstAccount *account,
              const Plan *plan,
              EstSecret *secret,
              GError **error)
{
  GError *cause = NULL;
  const EstSaslSelf self = {
    .user = account->user,
    .secret = secret,
    .host = account->host,
    .port = account->port,
    .binding = plan->bindable ? &plan->binding : NULL,
    .binding_offered = plan->binding_offered,
  };
  g_autoptr (EstSasl) sasl = est_sasl_new (plan->mechanism, &self, &cause);
  if (sasl == NULL)
    return est_talk_fail (cause, error);
  return est_dialogue_run (relay, sasl, plan->mechanism, account->user, error);
}

/* What was refused is not to be tried again; a token may have a fresh successor. */
static gboolean
note_refusal (EstRelay *relay,
              EstAccount *account,
              EstCredentials *credentials,
              const Plan *plan,
              EstSecret *secret)
{
  if (secret != NULL)
    est_credentials_refuse (credentials, account, secret);
  return (plan->needs & EST_SASL_TOKEN) != 0 && relay->in_step;
}

/* @again: with what else there may be. */
static gboolean
try_once (EstRelay *relay,
          EstAccount *account,
          EstCredentials *credentials,
          const Plan *plan,
          gboolean *again,
          GError **error)
{
  g_autoptr (EstSecret) secret = NULL;
  *again = FALSE;
  if ((plan->needs & (EST_SASL_PASSWORD | EST_SASL_TOKEN)) != 0)
    {
      secret = look_up (relay, account, credentials, error);
      if (secret == NULL)
        return FALSE;
    }
  g_autoptr (GError) cause = NULL;
  if (sign_in_with (relay, account, plan, secret, &cause))
    return TRUE;
  if (g_error_matches (cause, EST_RELAY_ERROR, EST_REASON_SIGN_IN))
    *again = note_refusal (relay, account, credentials, plan, secret);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

gboolean
est_sign_in (EstRelay *relay,
             EstAccount *account,
             EstCredentials *credentials,
             GError **error)
{
  Plan plan;
  if (strcmp (account->auth, "none") == 0)
    return TRUE;
  if (!may_send_secrets (relay, account, error)
      || !make_plan (relay, account, &plan, error)
      || !est_secure_stays (relay, account, EST_STRENGTH_SIGN_IN, plan.mechanism, error))
    return FALSE;

  gboolean done = FALSE, again = TRUE;
  g_autoptr (GError) cause = NULL;
  for (guint tries = 0; !done && again && tries < TOKEN_TRIES; tries++)
    {
      g_clear_error (&cause);
      done = try_once (relay, account, credentials, &plan, &again, &cause);
    }
  if (done)
    {
      relay->route.mechanism = g_strdup (plan.mechanism);
      return TRUE;
    }
  if (g_error_matches (cause, EST_RELAY_ERROR, EST_REASON_SIGN_IN))
    {
      relay->trouble.figures = g_strdup (plan.mechanism);
      if (account->online != NULL) /* only there another one can be given */
        cause->code = EST_REASON_ONLINE_SIGN_IN;
    }
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}
