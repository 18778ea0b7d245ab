/* Whom we believe: the system's certificate authorities, or one file of them. Loading
   costs some 30 ms and 4 MB, so that each is loaded at its first use, shared, and
   renewed once a day, a file also when it changed. Immutable and reference counted; any
   thread. */
#pragma once

#include <glib.h>

typedef struct EstTrust EstTrust;

/* @ca_file: a PEM file, or NULL for the system's trust. EST_WIRE_ERROR_UNTRUSTED if it
   cannot be read or holds no certificate. */
EstTrust *est_trust_get (const char *ca_file, GError **error);
EstTrust *est_trust_ref (EstTrust *trust);
void est_trust_unref (EstTrust *trust);

/* For the TLS session: what GnuTLS calls gnutls_certificate_credentials_t. Borrowed. */
struct gnutls_certificate_credentials_st *est_trust_credentials (EstTrust *trust);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstTrust, est_trust_unref)
