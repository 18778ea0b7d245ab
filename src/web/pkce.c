#include "web/pkce.h"

#include "base/secret.h"

#include <gnutls/crypto.h>
#include <string.h>

#define OCTETS 32 /* of randomness, and of SHA-256 */

/* RFC 7636 A. */
static char *
encode (const guint8 *octets, gsize length)
{
  char *text = g_base64_encode (octets, length);
  for (char *c = text; *c != '\0'; c++)
    if (*c == '+')
      *c = '-';
    else if (*c == '/')
      *c = '_';
    else if (*c == '=')
      *c = '\0';
  return text;
}

char *
est_pkce_random (void)
{
  guint8 octets[OCTETS];
  if (gnutls_rnd (GNUTLS_RND_KEY, octets, sizeof octets) < 0)
    g_error ("no random numbers");
  char *text = encode (octets, sizeof octets);
  est_secret_wipe (octets, sizeof octets);
  return text;
}

char *
est_pkce_challenge (const char *verifier)
{
  guint8 digest[OCTETS];
  gsize length = sizeof digest;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sum, (const guchar *) verifier, (gssize) strlen (verifier));
  g_checksum_get_digest (sum, digest, &length);
  return encode (digest, length);
}
