/* Out of a DNS answer, and against a chain. */
#include "wire/tlsa.h"

#include <arpa/nameser.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

#define TYPE_TLSA    52
#define MOST_RECORDS 64 /* as many as are looked at: what a name needs is a few */
#define HEAD         3  /* usage, selector, matching type */

#define PKIX_TA 0
#define PKIX_EE 1
#define DANE_TA 2
#define DANE_EE 3

void
est_tlsa_free (EstTlsa *record)
{
  if (record == NULL)
    return;
  g_bytes_unref (record->data);
  g_free (record);
}

static gboolean
is_usable (const guchar *data, gsize length)
{
  static const gsize sizes[] = {0, 32, 64}; /* of the digests by matching type */
  if (length <= HEAD || data[0] > DANE_EE || data[1] > 1 || data[2] > 2)
    return FALSE;
  return data[2] == 0 || length - HEAD == sizes[data[2]];
}

static void
take_record (GPtrArray *records, const ns_rr *record)
{
  const guchar *data = ns_rr_rdata (*record);
  gsize length = ns_rr_rdlen (*record);
  if (ns_rr_type (*record) != TYPE_TLSA || ns_rr_class (*record) != ns_c_in
      || !is_usable (data, length))
    return;
  EstTlsa *tlsa = g_new0 (EstTlsa, 1);
  *tlsa = (EstTlsa){data[0], data[1], data[2], g_bytes_new (data + HEAD, length - HEAD)};
  g_ptr_array_add (records, tlsa);
}

/* A truncated answer is none: what is missing might be the one that fits. */
GPtrArray *
est_tlsa_parse (const guchar *answer, gsize length, gboolean *authentic)
{
  ns_msg message;
  *authentic = FALSE;
  if (length > NS_MAXMSG || ns_initparse (answer, (int) length, &message) != 0
      || ns_msg_getflag (message, ns_f_qr) == 0 || ns_msg_getflag (message, ns_f_tc) != 0
      || ns_msg_getflag (message, ns_f_rcode) != ns_r_noerror)
    return NULL;

  g_autoptr (GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_tlsa_free);
  int count = MIN (ns_msg_count (message, ns_s_an), MOST_RECORDS);
  for (int i = 0; i < count; i++)
    {
      ns_rr record;
      if (ns_parserr (&message, ns_s_an, i, &record) != 0)
        return NULL;
      take_record (records, &record);
    }
  *authentic = ns_msg_getflag (message, ns_f_ad) != 0;
  return g_steal_pointer (&records);
}

static int
export_key (gnutls_x509_crt_t certificate, gnutls_datum_t *out)
{
  gnutls_pubkey_t key = NULL;
  int code = gnutls_pubkey_init (&key);
  if (code != GNUTLS_E_SUCCESS)
    return code;
  code = gnutls_pubkey_import_x509 (key, certificate, 0);
  if (code == GNUTLS_E_SUCCESS)
    code = gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, out);
  gnutls_pubkey_deinit (key);
  return code;
}

static gboolean
is_equal (const EstTlsa *record, const gnutls_datum_t *octets)
{
  guchar digest[64];
  gsize length;
  const guchar *wanted = g_bytes_get_data (record->data, &length);
  if (record->matching == 0)
    return length == octets->size && memcmp (wanted, octets->data, length) == 0;
  gnutls_digest_algorithm_t algorithm
    = record->matching == 1 ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA512;
  return gnutls_hash_fast (algorithm, octets->data, octets->size, digest)
           == GNUTLS_E_SUCCESS
         && memcmp (wanted, digest, length) == 0;
}

static gboolean
names (const EstTlsa *record, gnutls_x509_crt_t certificate)
{
  gnutls_datum_t octets = {NULL, 0};
  int code = record->selector == 0
               ? gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &octets)
               : export_key (certificate, &octets);
  gboolean equal = code == GNUTLS_E_SUCCESS && is_equal (record, &octets);
  gnutls_free (octets.data);
  return equal;
}

/* One that is in the chain: so RFC 7671 5.2 wants it to be. */
static gboolean
is_signed_by (const EstTlsa *record,
              const EstChain *chain,
              gnutls_session_t session,
              const char *host)
{
  for (guint i = 1; i < chain->n_links; i++)
    if (names (record, chain->links[i])
        && est_chain_verify (chain, session, host, chain->links[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Whether the uppermost that was shown was signed by the one named: roots are seldom
   shown. */
static gboolean
is_root (const EstTlsa *record, const EstChain *chain, gnutls_session_t session)
{
  gnutls_certificate_credentials_t credentials = NULL;
  gnutls_x509_crt_t root = NULL;
  gnutls_credentials_get (session, GNUTLS_CRD_CERTIFICATE, (void **) &credentials);
  return gnutls_certificate_get_issuer (credentials, chain->links[chain->n_links - 1],
                                        &root, 0)
           == GNUTLS_E_SUCCESS
         && names (record, root);
}

static gboolean
is_above (const EstTlsa *record, const EstChain *chain, gnutls_session_t session)
{
  for (guint i = 1; i < chain->n_links; i++)
    if (names (record, chain->links[i]))
      return TRUE;
  return is_root (record, chain, session);
}

static EstTlsaVerdict
judge_record (const EstTlsa *record,
              const EstChain *chain,
              gnutls_session_t session,
              const char *host)
{
  switch (record->usage)
    {
    case PKIX_TA:
      return is_above (record, chain, session) ? EST_TLSA_BESIDES : EST_TLSA_OTHER;
    case PKIX_EE:
      return names (record, chain->links[0]) ? EST_TLSA_BESIDES : EST_TLSA_OTHER;
    case DANE_TA:
      return is_signed_by (record, chain, session, host) ? EST_TLSA_ALONE
                                                         : EST_TLSA_OTHER;
    default:
      return names (record, chain->links[0]) ? EST_TLSA_ALONE : EST_TLSA_OTHER;
    }
}

EstTlsaVerdict
est_tlsa_judge (GPtrArray *records,
                const EstChain *chain,
                gnutls_session_t session,
                const char *host)
{
  EstTlsaVerdict best = EST_TLSA_SILENT;
  for (guint i = 0; records != NULL && i < records->len; i++)
    best = MAX (best, judge_record (records->pdata[i], chain, session, host));
  return best;
}
