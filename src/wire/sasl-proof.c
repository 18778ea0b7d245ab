/* GnuTLS hashes, GNU SASL prepares. */
#include "wire/sasl-proof.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gsasl.h>
#include <string.h>

struct EstSaslHash
{
  const char *prefix; /* of the mechanism's name */
  gnutls_mac_algorithm_t mac;
  gnutls_digest_algorithm_t digest;
  gsize size;
};

static const EstSaslHash hashes[] = {
  {"SCRAM-SHA-256", GNUTLS_MAC_SHA256, GNUTLS_DIG_SHA256, 32},
  {"SCRAM-SHA-1",   GNUTLS_MAC_SHA1,   GNUTLS_DIG_SHA1,   20},
};

const EstSaslHash *
est_sasl_hash_of (const char *mechanism)
{
  return g_str_has_prefix (mechanism, hashes[0].prefix) ? &hashes[0] : &hashes[1];
}

gsize
est_sasl_hash_size (const EstSaslHash *hash)
{
  return hash->size;
}

char *
est_sasl_prepare (const char *text)
{
  char *prepared = NULL;
  if (gsasl_saslprep (text, GSASL_ALLOW_UNASSIGNED, &prepared, NULL) != GSASL_OK)
    return g_strdup (text);
  char *copy = g_strdup (prepared);
  est_secret_wipe (prepared, strlen (prepared));
  gsasl_free (prepared);
  return copy;
}

/* Hi() */
static gboolean
salt_password (const EstSaslHash *hash,
               EstSecret *secret,
               const EstSaslSalt *salt,
               guint8 *salted)
{
  const char *password = est_secret_peek (secret);
  gnutls_datum_t key = {(guchar *) password, (guint) strlen (password)};
  gnutls_datum_t octets = {salt->octets, (guint) salt->length};
  return gnutls_pbkdf2 (hash->mac, &key, &octets, (guint) salt->rounds, salted,
                        hash->size)
         == GNUTLS_E_SUCCESS;
}

static gboolean
sign (const EstSaslHash *hash, const guint8 *key, const char *text, guint8 *mac)
{
  return gnutls_hmac_fast (hash->mac, key, hash->size, text, strlen (text), mac)
         == GNUTLS_E_SUCCESS;
}

static gboolean
sign_both (const EstSaslHash *hash,
           const guint8 *salted,
           const char *message,
           guint8 *proof,
           guint8 *expected)
{
  guint8 key[EST_SASL_HASH_SIZE], stored[EST_SASL_HASH_SIZE];
  gboolean done = sign (hash, salted, "Server Key", key)
                  && sign (hash, key, message, expected)
                  && sign (hash, salted, "Client Key", key)
                  && gnutls_hash_fast (hash->digest, key, hash->size, stored) == 0
                  && sign (hash, stored, message, proof);
  for (gsize i = 0; done && i < hash->size; i++)
    proof[i] ^= key[i];
  est_secret_wipe (key, sizeof key);
  est_secret_wipe (stored, sizeof stored);
  return done;
}

gboolean
est_sasl_prove (const EstSaslHash *hash,
                EstSecret *password,
                const EstSaslSalt *salt,
                const char *auth_message,
                guint8 *proof,
                guint8 *expected)
{
  guint8 salted[EST_SASL_HASH_SIZE];
  gboolean done = salt_password (hash, password, salt, salted)
                  && sign_both (hash, salted, auth_message, proof, expected);
  est_secret_wipe (salted, sizeof salted);
  return done;
}
