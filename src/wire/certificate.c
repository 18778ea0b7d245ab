/* GnuTLS's verdict about a chain, and what records and pins make of it. */
#include "wire/certificate.h"

#include "wire/certificate-figures.h"
#include "wire/tlsa.h"

#define LONGEST_WORDS 1000
#define SHA256_OCTETS 32

static char *
make_pin (gnutls_x509_crt_t certificate)
{
  guchar digest[SHA256_OCTETS];
  gsize size = sizeof digest;
  if (gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, digest, &size)
      != GNUTLS_E_SUCCESS)
    return NULL;
  g_autofree char *text = g_base64_encode (digest, size);
  return g_strconcat ("sha256:", text, NULL);
}

/* Graver than a wrong name: nothing a person could mend, or believe all the same. */
#define GRAVE                                                                            \
  (GNUTLS_CERT_REVOKED | GNUTLS_CERT_INSECURE_ALGORITHM | GNUTLS_CERT_SIGNATURE_FAILURE  \
   | GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE | GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED)

typedef struct
{
  guint status; /* of GnuTLS: any of these bits */
  EstCertificateFault fault;
} Meaning;

/* The first that fits. */
static const Meaning meanings[] = {
  {GRAVE,                                                    EST_CERTIFICATE_BAD    },
  {GNUTLS_CERT_UNEXPECTED_OWNER,                             EST_CERTIFICATE_NAME   },
  {GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA, EST_CERTIFICATE_ISSUER },
  {GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED,          EST_CERTIFICATE_EXPIRED},
};

static EstCertificateFault
find_fault (guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if ((status & meanings[i].status) != 0)
      return meanings[i].fault;
  return status == 0 ? EST_CERTIFICATE_GOOD : EST_CERTIFICATE_BAD;
}

static char *
tell_words (guint status)
{
  gnutls_datum_t words = {NULL, 0};
  if (status == 0)
    return NULL;
  gnutls_certificate_verification_status_print (status, GNUTLS_CRT_X509, &words, 0);
  char *text = g_strndup (
    words.data != NULL ? (const char *) words.data : "It is not trusted.", LONGEST_WORDS);
  gnutls_free (words.data);
  return g_strstrip (text);
}

/* Takes @words and @figures over. */
static void
set_fault (EstCertificate *certificate,
           EstCertificateFault fault,
           char *words,
           char *figures)
{
  certificate->fault = fault;
  certificate->voucher = EST_VOUCHER_NOBODY;
  g_free (certificate->words);
  certificate->words = words;
  g_free (certificate->figures);
  certificate->figures = figures;
}

static void
set_good (EstCertificate *certificate, EstVoucher voucher)
{
  set_fault (certificate, EST_CERTIFICATE_GOOD, NULL, NULL);
  certificate->voucher = voucher;
}

/* What is wrong with the chain says more than a record that does not fit. */
static void
apply_tlsa (EstCertificate *certificate, EstTlsaVerdict verdict, gboolean suffices)
{
  gboolean chained = certificate->fault == EST_CERTIFICATE_GOOD;
  if (verdict == EST_TLSA_OTHER && chained)
    set_fault (certificate, EST_CERTIFICATE_BAD,
               g_strdup ("none of the TLSA records fits it"), g_strdup ("dane"));
  else if (verdict == EST_TLSA_ALONE && !chained && suffices)
    set_good (certificate, EST_VOUCHER_DANE);
}

/* Where a pin does not suffice by itself, what is wrong with the chain says more. */
static void
apply_pins (EstCertificate *certificate, const EstDemands *demands)
{
  gboolean good = certificate->fault == EST_CERTIFICATE_GOOD;
  if (demands->pins == NULL || certificate->pin == NULL)
    return;
  gboolean pinned = g_strv_contains (demands->pins, certificate->pin);
  if (!pinned && (good || demands->pins_suffice))
    set_fault (
      certificate, EST_CERTIFICATE_PIN,
      g_strdup_printf ("its key is none of those that are pinned: %s", certificate->pin),
      g_strdup (certificate->pin));
  else if (pinned && !good && demands->pins_suffice)
    set_good (certificate, EST_VOUCHER_PIN);
}

EstCertificate *
est_certificate_judge (gnutls_session_t session,
                       const char *host,
                       const EstDemands *demands)
{
  g_auto (EstChain) chain = {.n_links = 0};
  est_chain_read (&chain, session);
  if (chain.n_links == 0)
    return NULL;
  guint status = est_chain_verify (&chain, session, host, NULL);
  EstCertificate *certificate = g_new0 (EstCertificate, 1);
  EstCertificateFault fault = find_fault (status);
  certificate->pin = make_pin (chain.links[0]);
  set_fault (certificate, fault, tell_words (status),
             est_certificate_figures (fault, &chain));
  if (fault == EST_CERTIFICATE_GOOD)
    certificate->voucher = EST_VOUCHER_AUTHORITY;
  apply_tlsa (certificate, est_tlsa_judge (demands->tlsa, &chain, session, host),
              demands->tlsa_suffices);
  apply_pins (certificate, demands);
  return certificate;
}

void
est_certificate_free (EstCertificate *certificate)
{
  if (certificate == NULL)
    return;
  g_free (certificate->words);
  g_free (certificate->figures);
  g_free (certificate->pin);
  g_free (certificate);
}
