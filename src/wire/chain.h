/* The certificates a TLS peer showed, as GnuTLS reads them. Internal to wire/. */
#pragma once

#include <glib.h>
#include <gnutls/x509.h>

#define EST_CHAIN_LONGEST 16

typedef struct
{
  gnutls_x509_crt_t links[EST_CHAIN_LONGEST]; /* the peer's own first */
  guint n_links;
} EstChain;

/* Up to the first that cannot be read, and to the longest. */
void est_chain_read (EstChain *chain, gnutls_session_t session);
void est_chain_clear (EstChain *chain);

/* What GnuTLS has against it: bits of gnutls_certificate_status_t; 0: nothing. Against
   the authorities of the session's credentials, or for @authority alone (NULL: those). */
guint est_chain_verify (const EstChain *chain,
                        gnutls_session_t session,
                        const char *host,
                        gnutls_x509_crt_t authority);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstChain, est_chain_clear)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
