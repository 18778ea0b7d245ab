/* The handshake, and what its end means. */
#include "relay/secure.h"

#include <string.h>

static EstReason
reason_for (const EstCertificate *certificate, const EstAccount *account)
{
  static const EstReason reasons[] = {
    [EST_CERTIFICATE_GOOD] = EST_REASON_UNTRUSTED, /* never asked */
    [EST_CERTIFICATE_NAME] = EST_REASON_CERTIFICATE_NAME,
    [EST_CERTIFICATE_ISSUER] = EST_REASON_CERTIFICATE_ISSUER,
    [EST_CERTIFICATE_EXPIRED] = EST_REASON_CERTIFICATE_EXPIRED,
    [EST_CERTIFICATE_PIN] = EST_REASON_PIN,
    [EST_CERTIFICATE_BAD] = EST_REASON_UNTRUSTED,
  };
  gboolean own = certificate->fault == EST_CERTIFICATE_NAME
                 || certificate->fault == EST_CERTIFICATE_ISSUER;
  return own && est_account_is_local (account) ? EST_REASON_UNCONFIRMED
                                               : reasons[certificate->fault];
}

static void
set_figures (EstRelay *relay, const char *figures)
{
  g_free (relay->trouble.figures);
  relay->trouble.figures = g_strdup (figures);
}

/* Takes @cause over. */
static gboolean
fail (EstRelay *relay, const EstAccount *account, GError *cause, GError **error)
{
  const EstCertificate *certificate = est_wire_certificate (relay->wire);
  relay->in_step = FALSE;
  if (g_error_matches (cause, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_OLD))
    set_figures (relay, "old");
  if (certificate == NULL
      || !g_error_matches (cause, EST_WIRE_ERROR, EST_WIRE_ERROR_UNTRUSTED))
    return est_talk_fail (cause, error);

  EstReason reason = reason_for (certificate, account);
  set_figures (relay, reason == EST_REASON_UNCONFIRMED ? certificate->pin
                                                       : certificate->figures);
  g_set_error_literal (error, EST_RELAY_ERROR, (int) reason, cause->message);
  g_error_free (cause);
  return FALSE;
}

gboolean
est_secure_stays (EstRelay *relay,
                  EstAccount *account,
                  EstStrengthKind kind,
                  const char *now,
                  GError **error)
{
  g_autofree char *fall = NULL;
  if (est_strength_allows (account, kind, now, &fall))
    return TRUE;
  set_figures (relay, fall);
  g_set_error (error, EST_RELAY_ERROR, EST_REASON_WEAKER,
               "the relay protects less than it did: %s", fall);
  return FALSE;
}

/* "TLS1.3" of "TLS1.3 AES-256-GCM". */
static char *
tell_version (const EstRelay *relay)
{
  const char *tls = relay->route.tls;
  return tls != NULL ? g_strndup (tls, strcspn (tls, " ")) : NULL;
}

/* NULL: a person did, or nobody need. */
static const char *
tell_voucher (const EstRelay *relay)
{
  const EstCertificate *certificate = est_wire_certificate (relay->wire);
  EstVoucher voucher = certificate != NULL ? certificate->voucher : EST_VOUCHER_NOBODY;
  return voucher == EST_VOUCHER_AUTHORITY ? "authority"
         : voucher == EST_VOUCHER_DANE    ? "dane"
                                          : NULL;
}

static gboolean
stays_strong (EstRelay *relay, EstAccount *account, GError **error)
{
  g_autofree char *version = tell_version (relay);
  const char *voucher = tell_voucher (relay);
  if (est_secure_stays (relay, account, EST_STRENGTH_TLS, version, error)
      && (voucher == NULL
          || est_secure_stays (relay, account, EST_STRENGTH_NAME, voucher, error)))
    return TRUE;
  relay->in_step = FALSE;
  return FALSE;
}

void
est_secure_ask (EstRelay *relay, const EstAccount *account)
{
  if (account->dane && account->security != EST_SECURITY_NONE
      && !est_account_is_local (account))
    relay->dane = est_dane_ask (account->host, account->port);
}

/* @records: NULL, or borrowed by the wire until the handshake is over. */
static void
demand (EstRelay *relay, const EstAccount *account, GPtrArray *records)
{
  const EstDemands demands = {.pins = (const char *const *) account->pins,
                              .pins_suffice = est_account_is_local (account),
                              .tlsa = records,
                              .tlsa_suffices = account->ca_file == NULL};
  est_wire_demand (relay->wire, &demands);
}

gboolean
est_secure (EstRelay *relay, EstAccount *account, GError **error)
{
  GError *cause = NULL;
  g_autoptr (EstTrust) trust = est_trust_get (account->ca_file, &cause);
  g_autoptr (GPtrArray) records = est_dane_wait (g_steal_pointer (&relay->dane));
  demand (relay, account, records);
  est_wire_set_deadline (relay->wire, (gint64) relay->limits.connect_seconds * 1000);
  if (trust == NULL || !est_wire_start_tls (relay->wire, trust, account->host, &cause))
    return fail (relay, account, cause, error);
  relay->route.tls = g_strdup (est_wire_tls_description (relay->wire));
  return stays_strong (relay, account, error);
}

void
est_secure_note (EstRelay *relay, EstAccount *account)
{
  g_autofree char *version = tell_version (relay);
  est_strength_note (account, EST_STRENGTH_TLS, version);
  est_strength_note (account, EST_STRENGTH_NAME, tell_voucher (relay));
  est_strength_note (account, EST_STRENGTH_SIGN_IN, relay->route.mechanism);
}
