/* GnuTLS's verdict about a chain, and the words that go with it. */
#include "wire/certificate.h"

#include "mail/plain.h"
#include "wire/chain.h"
#include "wire/tlsa.h"

#include <gio/gio.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define MOST_NAMES    4
#define LONGEST_NAME  253 /* octets: RFC 1035 3.1 */
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

/* A word of its own: what is none in a host name becomes "?", and so does what a NUL
   would hide. */
static char *
tame_name (const char *octets, gsize length)
{
  char *name = g_strndup (octets, MIN (length, LONGEST_NAME));
  for (gsize i = 0; i < MIN (length, LONGEST_NAME); i++)
    name[i] = g_ascii_isgraph (octets[i]) ? octets[i] : '?';
  return name;
}

static char *
tell_address (const char *octets, gsize length)
{
  if (length != 4 && length != 16)
    return NULL;
  g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes (
    (const guint8 *) octets, length == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (address);
}

/* The alternative name number @at; @end: there is none. NULL: of no kind that can name a
   server. */
static char *
read_name (gnutls_x509_crt_t certificate, guint at, gboolean *end)
{
  char octets[LONGEST_NAME + 3] = "";
  gsize size = sizeof octets;
  int kind = gnutls_x509_crt_get_subject_alt_name (certificate, at, octets, &size, NULL);
  *end = kind < 0 && kind != GNUTLS_E_SHORT_MEMORY_BUFFER;
  if (kind == GNUTLS_SAN_DNSNAME)
    return tame_name (octets, size);
  return kind == GNUTLS_SAN_IPADDRESS ? tell_address (octets, size) : NULL;
}

/* A part of a distinguished name, such as GNUTLS_OID_X520_COMMON_NAME, of the certificate
   or of its issuer; made plain. NULL: it has none. */
typedef int (*PartReader) (
  gnutls_x509_crt_t, const char *, unsigned, unsigned, void *, size_t *);

static char *
read_part (gnutls_x509_crt_t certificate, PartReader read, const char *part)
{
  char octets[LONGEST_NAME + 3] = "";
  gsize size = sizeof octets - 1;
  if (read (certificate, part, 0, 0, octets, &size) != GNUTLS_E_SUCCESS || size == 0)
    return NULL;
  g_autofree char *plain = est_plain_text (octets, (gssize) size);
  return *plain != '\0' ? g_steal_pointer (&plain) : NULL;
}

/* Without alternative names the common name is what GnuTLS compares. */
static char *
tell_common_name (gnutls_x509_crt_t certificate)
{
  g_autofree char *name
    = read_part (certificate, gnutls_x509_crt_get_dn_by_oid, GNUTLS_OID_X520_COMMON_NAME);
  return name != NULL ? tame_name (name, strlen (name)) : NULL;
}

static char *
tell_names (gnutls_x509_crt_t certificate)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gboolean end = FALSE;
  guint found = 0;
  for (guint at = 0; found <= MOST_NAMES && at < 100; at++)
    {
      g_autofree char *name = read_name (certificate, at, &end);
      if (end)
        break;
      if (name == NULL || *name == '\0')
        continue;
      found++;
      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "",
                              found > MOST_NAMES ? "..." : name);
    }
  if (found > 0)
    return g_string_free (g_steal_pointer (&names), FALSE);
  return tell_common_name (certificate);
}

/* Of the uppermost that was shown: whoever signed that one is the unknown. */
static char *
tell_issuer (const EstChain *chain)
{
  static const char *const parts[]
    = {GNUTLS_OID_X520_COMMON_NAME, GNUTLS_OID_X520_ORGANIZATION_NAME,
       GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME};
  gnutls_x509_crt_t last = chain->links[chain->n_links - 1];
  if (chain->n_links == 1 && gnutls_x509_crt_check_issuer (last, last))
    return g_strdup ("self");
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *name
        = read_part (last, gnutls_x509_crt_get_issuer_dn_by_oid, parts[i]);
      if (name != NULL)
        return g_strdup_printf ("by %s", name);
    }
  return NULL;
}

/* Of the first in the chain that is out of its time. NULL: an authority of ours is. */
static char *
tell_time (const EstChain *chain)
{
  gint64 now = time (NULL);
  for (guint i = 0; i < chain->n_links; i++)
    {
      gint64 until = gnutls_x509_crt_get_expiration_time (chain->links[i]);
      gint64 from = gnutls_x509_crt_get_activation_time (chain->links[i]);
      if (until < now)
        return g_strdup_printf ("until %" G_GINT64_FORMAT, until);
      if (from > now)
        return g_strdup_printf ("from %" G_GINT64_FORMAT, from);
    }
  return NULL;
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
find_figures (EstCertificateFault fault, const EstChain *chain)
{
  switch (fault)
    {
    case EST_CERTIFICATE_NAME:
      return tell_names (chain->links[0]);
    case EST_CERTIFICATE_ISSUER:
      return tell_issuer (chain);
    case EST_CERTIFICATE_EXPIRED:
      return tell_time (chain);
    default:
      return NULL;
    }
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
  set_fault (certificate, fault, tell_words (status), find_figures (fault, &chain));
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
