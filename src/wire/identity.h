/* Who we are to programs on this machine that insist on TLS: a key of our own, and a
   certificate for localhost, 127.0.0.1 and ::1 that it signed itself. Made when it is
   first asked for, kept in a file, and certified anew, for the same key, when the
   certificate comes to its end or cannot be read. Immutable and reference counted; any
   thread, and several processes at once. */
#pragma once

#include <glib.h>

typedef struct EstIdentity EstIdentity;

/* That of the file @path. EST_WIRE_ERROR_IDENTITY if there is none to be had: the file is
   not ours alone, or cannot be written. */
EstIdentity *est_identity_get (const char *path, GError **error);
EstIdentity *est_identity_ref (EstIdentity *identity);
void est_identity_unref (EstIdentity *identity);

/* The certificate as PEM, never the key; borrowed. */
const char *est_identity_certificate (EstIdentity *identity);

/* Of the certificate, by SHA-256: "AB:CD:..."; borrowed. */
const char *est_identity_fingerprint (EstIdentity *identity);

/* When the certificate ends, in seconds since 1970. */
gint64 est_identity_ends (EstIdentity *identity);

/* For the TLS session: what GnuTLS calls gnutls_certificate_credentials_t. Borrowed. */
struct gnutls_certificate_credentials_st *
est_identity_credentials (EstIdentity *identity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstIdentity, est_identity_unref)
