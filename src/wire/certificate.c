/* GnuTLS's verdict about a chain, and the words that go with it. */
#include "wire/certificate.h"

#include "mail/plain.h"

#include <gio/gio.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define MOST_NAMES    4
#define LONGEST_NAME  253 /* octets: RFC 1035 3.1 */
#define LONGEST_WORDS 1000
#define LONGEST_CHAIN 16
#define SHA256_OCTETS 32

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)

typedef struct
{
  gnutls_x509_crt_t links[LONGEST_CHAIN]; /* the server's own first */
  guint n_links;
} Chain;

static void
clear_chain (Chain *chain)
{
  for (guint i = 0; i < chain->n_links; i++)
    gnutls_x509_crt_deinit (chain->links[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chain, clear_chain)

/* Up to the first that cannot be read. */
static void
read_chain (gnutls_session_t session, Chain *chain)
{
  guint n = 0;
  const gnutls_datum_t *shown = gnutls_certificate_get_peers (session, &n);
  for (guint i = 0; shown != NULL && i < MIN (n, LONGEST_CHAIN); i++)
    {
      g_auto (gnutls_x509_crt_t) link = NULL;
      if (gnutls_x509_crt_init (&link) != GNUTLS_E_SUCCESS
          || gnutls_x509_crt_import (link, &shown[i], GNUTLS_X509_FMT_DER)
               != GNUTLS_E_SUCCESS)
        return;
      chain->links[chain->n_links++] = g_steal_pointer (&link);
    }
}

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
tell_issuer (const Chain *chain)
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
tell_time (const Chain *chain)
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
find_figures (EstCertificateFault fault, const Chain *chain)
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

static guint
verify (gnutls_session_t session, const char *host)
{
  gnutls_typed_vdata_st wanted[] = {
    {GNUTLS_DT_DNS_HOSTNAME,    (guchar *) host,                     0},
    {GNUTLS_DT_KEY_PURPOSE_OID, (guchar *) GNUTLS_KP_TLS_WWW_SERVER, 0},
  };
  guint status = 0;
  int code
    = gnutls_certificate_verify_peers (session, wanted, G_N_ELEMENTS (wanted), &status);
  return code == GNUTLS_E_SUCCESS ? status : GNUTLS_CERT_INVALID;
}

static void
set_pin_fault (EstCertificate *certificate)
{
  certificate->fault = EST_CERTIFICATE_PIN;
  g_free (certificate->words);
  certificate->words
    = g_strdup_printf ("its key is none of those that are pinned: %s", certificate->pin);
  g_free (certificate->figures);
  certificate->figures = g_strdup (certificate->pin);
}

static void
set_good (EstCertificate *certificate, EstVoucher voucher)
{
  certificate->fault = EST_CERTIFICATE_GOOD;
  certificate->voucher = voucher;
  g_clear_pointer (&certificate->words, g_free);
  g_clear_pointer (&certificate->figures, g_free);
}

/* Where a pin does not suffice by itself, what is wrong with the chain says more. */
static void
apply (EstCertificate *certificate, const EstDemands *demands)
{
  gboolean chained = certificate->fault == EST_CERTIFICATE_GOOD;
  gboolean pinned = demands->pins != NULL && certificate->pin != NULL
                    && g_strv_contains (demands->pins, certificate->pin);
  gboolean suffice = demands->pins != NULL && demands->pins_suffice;
  if (demands->pins != NULL && !pinned && (chained || suffice))
    set_pin_fault (certificate);
  else if (chained)
    set_good (certificate, EST_VOUCHER_AUTHORITY);
  else if (pinned && suffice)
    set_good (certificate, EST_VOUCHER_PIN);
}

EstCertificate *
est_certificate_judge (gnutls_session_t session,
                       const char *host,
                       const EstDemands *demands)
{
  g_auto (Chain) chain = {.n_links = 0};
  read_chain (session, &chain);
  if (chain.n_links == 0)
    return NULL;
  guint status = verify (session, host);
  EstCertificate *certificate = g_new0 (EstCertificate, 1);
  certificate->fault = find_fault (status);
  certificate->pin = make_pin (chain.links[0]);
  certificate->words = tell_words (status);
  certificate->figures = find_figures (certificate->fault, &chain);
  apply (certificate, demands);
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
