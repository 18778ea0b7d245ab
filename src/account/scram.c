/* GnuTLS does the cryptography. */
#include "account/scram.h"

#include "base/secret.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

/* What has no sane way to go on: a library without SHA-256, a kernel without random
   numbers. */
static void
expect (int code)
{
  if (code != 0)
    g_error ("GnuTLS: %s", gnutls_strerror (code));
}

static void
sign (const guint8 *key, gsize length, const char *text, guint8 *mac)
{
  expect (gnutls_hmac_fast (GNUTLS_MAC_SHA256, key, length, text, strlen (text), mac));
}

/* RFC 5802 3: Hi(), ClientKey, StoredKey, ServerKey. */
static void
derive (EstScramKeys *keys, const char *secret)
{
  guint8 salted[EST_SCRAM_KEY_LENGTH], key[EST_SCRAM_KEY_LENGTH];
  gsize length;
  g_autofree guchar *salt = g_base64_decode (keys->salt, &length);
  gnutls_datum_t password = {(guchar *) secret, (guint) strlen (secret)};
  gnutls_datum_t salt_datum = {salt, (guint) length};
  expect (gnutls_pbkdf2 (GNUTLS_MAC_SHA256, &password, &salt_datum, keys->rounds, salted,
                         sizeof salted));
  sign (salted, sizeof salted, "Client Key", key);
  expect (gnutls_hash_fast (GNUTLS_DIG_SHA256, key, sizeof key, key));
  keys->stored_key = g_base64_encode (key, sizeof key);
  sign (salted, sizeof salted, "Server Key", key);
  keys->server_key = g_base64_encode (key, sizeof key);
  est_secret_wipe (salted, sizeof salted);
  est_secret_wipe (key, sizeof key);
}

EstScramKeys
est_scram_keys_new (const char *secret)
{
  guint8 salt[EST_SCRAM_SALT_LENGTH];
  EstScramKeys keys = {.rounds = EST_SCRAM_ROUNDS};
  expect (gnutls_rnd (GNUTLS_RND_NONCE, salt, sizeof salt));
  keys.salt = g_base64_encode (salt, sizeof salt);
  derive (&keys, secret);
  return keys;
}

static gboolean
is_equal (const char *a, const char *b)
{
  gsize length = strlen (a);
  return length == strlen (b) && gnutls_memcmp (a, b, length) == 0;
}

gboolean
est_scram_keys_fit (const EstScramKeys *keys, const char *secret)
{
  g_auto (EstScramKeys) derived = {.salt = g_strdup (keys->salt), .rounds = keys->rounds};
  derive (&derived, secret);
  return is_equal (derived.stored_key, keys->stored_key)
         && is_equal (derived.server_key, keys->server_key);
}

static const guint8 *
seed (void)
{
  static gsize ready;
  static guint8 octets[EST_SCRAM_KEY_LENGTH];
  if (g_once_init_enter (&ready))
    {
      expect (gnutls_rnd (GNUTLS_RND_RANDOM, octets, sizeof octets));
      g_once_init_leave (&ready, 1);
    }
  return octets;
}

static char *
invent (const char *what, const char *name, gsize length)
{
  guint8 octets[EST_SCRAM_KEY_LENGTH];
  g_autofree char *text = g_strconcat (what, " ", name, NULL);
  sign (seed (), EST_SCRAM_KEY_LENGTH, text, octets);
  return g_base64_encode (octets, length);
}

EstScramKeys
est_scram_keys_decoy (const char *name)
{
  return (EstScramKeys){.salt = invent ("salt", name, EST_SCRAM_SALT_LENGTH),
                        .rounds = EST_SCRAM_ROUNDS,
                        .stored_key = invent ("stored", name, EST_SCRAM_KEY_LENGTH),
                        .server_key = invent ("server", name, EST_SCRAM_KEY_LENGTH)};
}

void
est_scram_keys_clear (EstScramKeys *keys)
{
  g_clear_pointer (&keys->salt, g_free);
  g_clear_pointer (&keys->stored_key, g_free);
  g_clear_pointer (&keys->server_key, g_free);
}
