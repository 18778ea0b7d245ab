/* ECDSA on P-256, which every client of today knows and which costs a millisecond to
   make. */
#include "wire/key-pair.h"

#include "base/secret.h"
#include "wire/wire.h"

#include <gnutls/crypto.h>
#include <string.h>

#define DAY          (24 * 3600)
#define LIFE         (3652 * DAY)
#define RENEW_BEFORE (30 * DAY)
#define SERIAL_SIZE  16
#define ID_SIZE      32 /* SHA-256 */

static gboolean
set_failure (const char *what, int code, GError **error)
{
  g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_IDENTITY, "cannot make %s: %s", what,
               gnutls_strerror (code));
  return FALSE;
}

EstKeyPair *
est_key_pair_new (GError **error)
{
  g_autoptr (EstKeyPair) pair = g_new0 (EstKeyPair, 1);
  int code = gnutls_x509_privkey_init (&pair->key);
  if (code == GNUTLS_E_SUCCESS)
    code = gnutls_x509_privkey_generate (
      pair->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  if (code == GNUTLS_E_SUCCESS)
    return g_steal_pointer (&pair);
  set_failure ("a key for localhost", code, error);
  return NULL;
}

void
est_key_pair_free (EstKeyPair *pair)
{
  if (pair == NULL)
    return;
  gnutls_x509_privkey_deinit (pair->key);
  gnutls_x509_crt_deinit (pair->certificate);
  g_free (pair);
}

static gboolean
belong_together (gnutls_x509_privkey_t key, gnutls_x509_crt_t certificate)
{
  guint8 of_key[ID_SIZE], of_certificate[ID_SIZE];
  size_t a = sizeof of_key, b = sizeof of_certificate;
  return gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, of_key, &a) == 0
         && gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256,
                                        of_certificate, &b)
              == 0
         && a == b && memcmp (of_key, of_certificate, a) == 0;
}

static void
take_certificate (EstKeyPair *pair, const gnutls_datum_t *pem)
{
  gnutls_x509_crt_t certificate = NULL;
  if (gnutls_x509_crt_init (&certificate) == GNUTLS_E_SUCCESS
      && gnutls_x509_crt_import (certificate, pem, GNUTLS_X509_FMT_PEM) == 0
      && belong_together (pair->key, certificate))
    pair->certificate = g_steal_pointer (&certificate);
  gnutls_x509_crt_deinit (certificate);
}

EstKeyPair *
est_key_pair_parse (const char *pem, gsize length)
{
  g_autoptr (EstKeyPair) pair = g_new0 (EstKeyPair, 1);
  gnutls_datum_t datum = {(guint8 *) pem, (unsigned int) length};
  if (gnutls_x509_privkey_init (&pair->key) != GNUTLS_E_SUCCESS
      || gnutls_x509_privkey_import (pair->key, &datum, GNUTLS_X509_FMT_PEM) != 0)
    return NULL;
  take_certificate (pair, &datum);
  return g_steal_pointer (&pair);
}

/* RFC 5280 4.1.2.2: positive, and no two alike. */
static int
set_serial (gnutls_x509_crt_t certificate)
{
  guint8 serial[SERIAL_SIZE];
  int code = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);
  serial[0] = (serial[0] & 0x7f) | 0x40;
  return code == 0 ? gnutls_x509_crt_set_serial (certificate, serial, sizeof serial)
                   : code;
}

/* Every name a program may have been told to connect to (RFC 6125 6.4: addresses count
   only as such). */
static int
set_names (gnutls_x509_crt_t certificate)
{
  static const guint8 v4[4] = {127, 0, 0, 1};
  static const guint8 v6[16] = {[15] = 1};
  static const char name[] = "localhost", maker[] = "Estafeta";
  int code = gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                                            name, sizeof name - 1);
  if (code == 0)
    code = gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_ORGANIZATION_NAME,
                                          0, maker, sizeof maker - 1);
  if (code == 0)
    code = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name,
                                                 sizeof name - 1, GNUTLS_FSAN_SET);
  if (code == 0)
    code = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, v4,
                                                 sizeof v4, GNUTLS_FSAN_APPEND);
  if (code == 0)
    code = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, v6,
                                                 sizeof v6, GNUTLS_FSAN_APPEND);
  return code;
}

/* No authority: who trusts this certificate trusts this server and nothing else that
   somebody might sign with its key. */
static int
set_use (gnutls_x509_crt_t certificate)
{
  int code = gnutls_x509_crt_set_basic_constraints (certificate, 0, -1);
  if (code == 0)
    code = gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
  if (code == 0)
    code = gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
  return code;
}

/* From yesterday on: two clocks need not agree to the second. */
static int
set_times (gnutls_x509_crt_t certificate, gint64 now)
{
  int code
    = gnutls_x509_crt_set_activation_time (certificate, (time_t) MAX (now - DAY, 0));
  if (code == 0)
    code = gnutls_x509_crt_set_expiration_time (certificate, (time_t) (now + LIFE));
  return code;
}

static int
fill (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, gint64 now)
{
  guint8 id[ID_SIZE];
  size_t size = sizeof id;
  int code = gnutls_x509_crt_set_version (certificate, 3);
  if (code == 0)
    code = set_serial (certificate);
  if (code == 0)
    code = set_names (certificate);
  if (code == 0)
    code = set_times (certificate, now);
  if (code == 0)
    code = set_use (certificate);
  if (code == 0)
    code = gnutls_x509_crt_set_key (certificate, key);
  if (code == 0)
    code = gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA1, id, &size);
  if (code == 0)
    code = gnutls_x509_crt_set_subject_key_id (certificate, id, size);
  if (code == 0)
    code = gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
  return code;
}

gboolean
est_key_pair_certify (EstKeyPair *pair, gint64 now, GError **error)
{
  gnutls_x509_crt_t certificate = NULL;
  int code = gnutls_x509_crt_init (&certificate);
  if (code == 0)
    code = fill (certificate, pair->key, now);
  if (code != 0)
    {
      gnutls_x509_crt_deinit (certificate);
      return set_failure ("a certificate for localhost", code, error);
    }
  gnutls_x509_crt_deinit (pair->certificate);
  pair->certificate = certificate;
  return TRUE;
}

/* One that begins in the future was made while the clock was wrong. */
gboolean
est_key_pair_is_good (const EstKeyPair *pair, gint64 now)
{
  return pair->certificate != NULL
         && gnutls_x509_crt_get_activation_time (pair->certificate) <= now
         && gnutls_x509_crt_get_expiration_time (pair->certificate) > now + RENEW_BEFORE;
}

char *
est_key_pair_format_certificate (const EstKeyPair *pair)
{
  gnutls_datum_t pem = {NULL, 0};
  if (gnutls_x509_crt_export2 (pair->certificate, GNUTLS_X509_FMT_PEM, &pem) != 0)
    return NULL;
  char *text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);
  return text;
}

char *
est_key_pair_format (const EstKeyPair *pair)
{
  gnutls_datum_t pem = {NULL, 0};
  g_autofree char *certificate = est_key_pair_format_certificate (pair);
  if (certificate == NULL
      || gnutls_x509_privkey_export2_pkcs8 (pair->key, GNUTLS_X509_FMT_PEM, NULL,
                                            GNUTLS_PKCS_PLAIN, &pem)
           != 0)
    return NULL;
  char *text = g_strdup_printf ("%.*s%s", (int) pem.size, pem.data, certificate);
  est_secret_wipe (pem.data, pem.size);
  gnutls_free (pem.data);
  return text;
}
