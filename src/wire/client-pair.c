/* GnuTLS reads files and PKCS#11 tokens. The set of authorities is shared by all
   connections and costs 30 ms to load; the pair is one connection's: so it is not put
   into the credentials but handed out by a callback, which finds it at the session. */
#include "wire/client-pair.h"

#include "base/secret.h"
#include "wire/closed-file.h"
#include "wire/token-place.h"
#include "wire/wire.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define MOST_CERTIFICATES 16 /* in the chain */
#define ID_SIZE           32 /* SHA-256 */

struct EstClientPair
{
  gnutls_pcert_st certificates[MOST_CERTIFICATES];
  unsigned int n_certificates;
  gnutls_privkey_t key;
  EstTokenPlace *token; /* of the key; NULL: it came from a file */
};

static gboolean
fail (GError **error, const char *place, const char *why)
{
  /* A URI may name much; what it is about stands before the first mark. */
  g_autofree char *name = g_strndup (place, strcspn (place, "?"));
  g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_IDENTITY, "%s: %s", name, why);
  return FALSE;
}

/* Of a place in a token: what was wrong with the PIN says more than GnuTLS does. */
static gboolean
fail_token (GError **error, const EstTokenPlace *place, int code)
{
  return fail (error, place->uri,
               place->fault != NULL ? place->fault : gnutls_strerror (code));
}

static int
import_certificates (EstClientPair *pair, const char *place, EstTokenPlace *token)
{
  pair->n_certificates = MOST_CERTIFICATES;
  int code = gnutls_pcert_list_import_x509_file (
    pair->certificates, &pair->n_certificates, token != NULL ? token->uri : place,
    GNUTLS_X509_FMT_PEM, token != NULL ? est_token_place_tell_pin : NULL, token, 0);
  if (code != GNUTLS_E_SUCCESS)
    pair->n_certificates = 0;
  return code;
}

static gboolean
load_certificates (EstClientPair *pair, const char *place, GError **error)
{
  g_autoptr (EstTokenPlace) token
    = est_token_place_is (place) ? est_token_place_parse (place) : NULL;
  int code = import_certificates (pair, place, token);
  if (code == GNUTLS_E_SUCCESS && pair->n_certificates > 0)
    return TRUE;
  if (token != NULL)
    return fail_token (error, token, code);
  return fail (error, place, code < 0 ? gnutls_strerror (code) : "holds no certificate");
}

static gboolean
load_key_file (EstClientPair *pair, const char *place, GError **error)
{
  char text[EST_CLOSED_FILE_LARGEST];
  gsize length;
  g_autofree char *why = NULL;
  if (!est_closed_file_read (place, text, &length, &why))
    return fail (error, place, why);
  gnutls_datum_t pem = {(guchar *) text, (unsigned int) length};
  int code
    = gnutls_privkey_import_x509_raw (pair->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
  est_secret_wipe (text, length);
  return code == GNUTLS_E_SUCCESS
         || fail (
           error, place,
           code == GNUTLS_E_DECRYPTION_FAILED
             ? "the key is locked by a password; keep it without one, or in a token"
             : gnutls_strerror (code));
}

/* The key stays in the token; signing may ask for the PIN again. */
static gboolean
load_key_of_token (EstClientPair *pair, const char *place, GError **error)
{
  pair->token = est_token_place_parse (place);
  gnutls_privkey_set_pin_function (pair->key, est_token_place_tell_pin, pair->token);
  int code = gnutls_privkey_import_url (pair->key, pair->token->uri, 0);
  return code == GNUTLS_E_SUCCESS || fail_token (error, pair->token, code);
}

static gboolean
load_key (EstClientPair *pair, const char *place, GError **error)
{
  int code = gnutls_privkey_init (&pair->key);
  if (code != GNUTLS_E_SUCCESS)
    return fail (error, place, gnutls_strerror (code));
  return est_token_place_is (place) ? load_key_of_token (pair, place, error)
                                    : load_key_file (pair, place, error);
}

static gboolean
get_id (gnutls_pubkey_t public, guint8 *id)
{
  size_t size = ID_SIZE;
  return gnutls_pubkey_get_key_id (public, GNUTLS_KEYID_USE_SHA256, id, &size) == 0;
}

/* A key whose public half a token keeps to itself cannot be compared: the handshake will
   tell. */
static gboolean
belong_together (EstClientPair *pair)
{
  guint8 of_key[ID_SIZE], of_certificate[ID_SIZE];
  gnutls_pubkey_t public = NULL;
  gboolean known = gnutls_pubkey_init (&public) == GNUTLS_E_SUCCESS
                   && gnutls_pubkey_import_privkey (public, pair->key, 0, 0) == 0
                   && get_id (public, of_key)
                   && get_id (pair->certificates[0].pubkey, of_certificate);
  gnutls_pubkey_deinit (public);
  return !known || memcmp (of_key, of_certificate, ID_SIZE) == 0;
}

EstClientPair *
est_client_pair_load (const char *certificate, const char *key, GError **error)
{
  g_autoptr (EstClientPair) pair = g_new0 (EstClientPair, 1);
  const char *place = key != NULL ? key : certificate;
  if (!load_certificates (pair, certificate, error) || !load_key (pair, place, error))
    return NULL;
  if (belong_together (pair))
    return g_steal_pointer (&pair);
  fail (error, place, "the key is not the one of the certificate");
  return NULL;
}

void
est_client_pair_free (EstClientPair *pair)
{
  if (pair == NULL)
    return;
  for (unsigned int i = 0; i < pair->n_certificates; i++)
    gnutls_pcert_deinit (&pair->certificates[i]);
  gnutls_privkey_deinit (pair->key);
  g_clear_pointer (&pair->token, est_token_place_free);
  g_free (pair);
}

static int
hand_out (gnutls_session_t session,
          const gnutls_datum_t *issuers,
          int n_issuers,
          const gnutls_pk_algorithm_t *algorithms,
          int n_algorithms,
          gnutls_pcert_st **certificates,
          unsigned int *n_certificates,
          gnutls_privkey_t *key)
{
  EstClientPair *pair = gnutls_session_get_ptr (session);
  *n_certificates = pair != NULL ? pair->n_certificates : 0;
  *certificates = pair != NULL ? pair->certificates : NULL;
  *key = pair != NULL ? pair->key : NULL;
  return 0;
}

void
est_client_pair_allow (gnutls_certificate_credentials_t credentials)
{
  gnutls_certificate_set_retrieve_function2 (credentials, hand_out);
}

void
est_client_pair_show (const EstClientPair *pair, gnutls_session_t session)
{
  gnutls_session_set_ptr (session, (void *) pair);
}
