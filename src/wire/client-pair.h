/* A certificate of our own and its key, to sign in with by EXTERNAL: read anew for every
   connection, so that a renewed one counts at once. One connection, one thread. */
#pragma once

#include <glib.h>

typedef struct EstClientPair EstClientPair;

/* @certificate: a PEM file, the first certificate in it being ours, those of its issuers
   behind it; or the PKCS#11 URI of one (RFC 7512). @key: likewise; NULL: in the same
   place. A file with a key must be ours and closed to others. A PIN comes from the URI's
   "pin-source". EST_WIRE_ERROR_IDENTITY; an expired certificate is none. May wait for a
   card reader. */
EstClientPair *
est_client_pair_load (const char *certificate, const char *key, GError **error);
void est_client_pair_free (EstClientPair *pair);

/* For the TLS session, in GnuTLS's types. allow: these credentials, which many sessions
   share, show what a session carries. show: @session carries @pair (NULL: nothing). */
struct gnutls_certificate_credentials_st;
struct gnutls_session_int;
void est_client_pair_allow (struct gnutls_certificate_credentials_st *credentials);
void est_client_pair_show (const EstClientPair *pair, struct gnutls_session_int *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstClientPair, est_client_pair_free)
