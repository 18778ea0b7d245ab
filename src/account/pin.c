/* One way to write a pin, so that two of them can be compared as strings. */
#include "account/pin.h"

#include <string.h>

#define PREFIX        "sha256:"
#define DIGEST_OCTETS 32

static gboolean
read_hex (const char *text, guchar *digest)
{
  for (guint i = 0; i < DIGEST_OCTETS; i++, text += 2)
    {
      if (i > 0 && *text == ':')
        text++;
      if (!g_ascii_isxdigit (text[0]) || !g_ascii_isxdigit (text[1]))
        return FALSE;
      digest[i]
        = (guchar) (g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]));
    }
  return *text == '\0';
}

/* Encoded anew it must be the same, but for the padding: GLib skips what it does not
   know, and would take many texts for one digest. */
static gboolean
read_base64 (const char *text, guchar *digest)
{
  gsize length = 0, digits = strcspn (text, "=");
  if (digits != 43 || strlen (text) > digits + 1)
    return FALSE;
  g_autofree char *padded = g_strdup_printf ("%.43s=", text);
  g_autofree guchar *octets = g_base64_decode (padded, &length);
  if (length != DIGEST_OCTETS)
    return FALSE;
  g_autofree char *again = g_base64_encode (octets, length);
  memcpy (digest, octets, DIGEST_OCTETS);
  return g_str_equal (again, padded);
}

char *
est_pin_parse (const char *text)
{
  guchar digest[DIGEST_OCTETS];
  if (g_ascii_strncasecmp (text, PREFIX, strlen (PREFIX)) != 0)
    return NULL;
  const char *rest = text + strlen (PREFIX);
  if (!read_hex (rest, digest) && !read_base64 (rest, digest))
    return NULL;
  g_autofree char *encoded = g_base64_encode (digest, sizeof digest);
  return g_strconcat (PREFIX, encoded, NULL);
}
