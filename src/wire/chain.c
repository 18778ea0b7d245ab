/* Reading and verifying a chain; what its faults mean stands in certificate.c. */
#include "wire/chain.h"

void
est_chain_clear (EstChain *chain)
{
  for (guint i = 0; i < chain->n_links; i++)
    gnutls_x509_crt_deinit (chain->links[i]);
  chain->n_links = 0;
}

void
est_chain_read (EstChain *chain, gnutls_session_t session)
{
  guint n = 0;
  const gnutls_datum_t *shown = gnutls_certificate_get_peers (session, &n);
  for (guint i = 0; shown != NULL && i < MIN (n, EST_CHAIN_LONGEST); i++)
    {
      g_auto (gnutls_x509_crt_t) link = NULL;
      if (gnutls_x509_crt_init (&link) != GNUTLS_E_SUCCESS
          || gnutls_x509_crt_import (link, &shown[i], GNUTLS_X509_FMT_DER)
               != GNUTLS_E_SUCCESS)
        return;
      chain->links[chain->n_links++] = g_steal_pointer (&link);
    }
}

static int
verify_for (const EstChain *chain,
            gnutls_x509_crt_t authority,
            gnutls_typed_vdata_st *wanted,
            guint n_wanted,
            guint *status)
{
  gnutls_x509_trust_list_t list = NULL;
  int code = gnutls_x509_trust_list_init (&list, 0);
  if (code != GNUTLS_E_SUCCESS)
    return code;
  gnutls_x509_trust_list_add_cas (list, &authority, 1, 0);
  code = gnutls_x509_trust_list_verify_crt2 (
    list, (gnutls_x509_crt_t *) chain->links, chain->n_links, wanted, n_wanted,
    GNUTLS_PROFILE_TO_VFLAGS (GNUTLS_PROFILE_MEDIUM), status, NULL);
  gnutls_x509_trust_list_deinit (list, 0);
  return code;
}

guint
est_chain_verify (const EstChain *chain,
                  gnutls_session_t session,
                  const char *host,
                  gnutls_x509_crt_t authority)
{
  gnutls_typed_vdata_st wanted[] = {
    {GNUTLS_DT_DNS_HOSTNAME,    (guchar *) host,                     0},
    {GNUTLS_DT_KEY_PURPOSE_OID, (guchar *) GNUTLS_KP_TLS_WWW_SERVER, 0},
  };
  guint status = 0, n = G_N_ELEMENTS (wanted);
  int code = authority != NULL
               ? verify_for (chain, authority, wanted, n, &status)
               : gnutls_certificate_verify_peers (session, wanted, n, &status);
  return code == GNUTLS_E_SUCCESS ? status : status | GNUTLS_CERT_INVALID;
}
