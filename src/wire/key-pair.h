/* A private key and the certificate that its holder wrote for it, for the names this
   machine calls itself by. Internal to wire/. */
#pragma once

#include <glib.h>
#include <gnutls/x509.h>

typedef struct
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate; /* NULL: none, or none that belongs to the key */
} EstKeyPair;

/* A new key without a certificate. EST_WIRE_ERROR_IDENTITY. */
EstKeyPair *est_key_pair_new (GError **error);

/* Both out of one PEM text. NULL if it holds no key. */
EstKeyPair *est_key_pair_parse (const char *pem, gsize length);

/* Gives it a certificate that holds from a day before @now for ten years; times are
   seconds since 1970. EST_WIRE_ERROR_IDENTITY. */
gboolean est_key_pair_certify (EstKeyPair *pair, gint64 now, GError **error);

/* Whether it has a certificate that is good now and will be for the next 30 days. */
gboolean est_key_pair_is_good (const EstKeyPair *pair, gint64 now);

/* As est_key_pair_parse() reads it; new string, to be wiped. NULL if GnuTLS cannot. */
char *est_key_pair_format (const EstKeyPair *pair);

/* The certificate alone, as PEM; new string. NULL if GnuTLS cannot. */
char *est_key_pair_format_certificate (const EstKeyPair *pair);

void est_key_pair_free (EstKeyPair *pair);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstKeyPair, est_key_pair_free)
