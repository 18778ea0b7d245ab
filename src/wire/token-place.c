/* The PIN is read when the token wants it, and only then. */
#include "wire/token-place.h"

#include "base/secret.h"
#include "wire/closed-file.h"

#include <string.h>

#define SCHEME "pkcs11:"
#define SOURCE "pin-source="

gboolean
est_token_place_is (const char *place)
{
  return g_str_has_prefix (place, SCHEME);
}

/* RFC 7512 2.4: a path, or the "file" URI of one (RFC 8089). */
static char *
find_path (const char *value)
{
  g_autofree char *plain = g_uri_unescape_string (value, NULL);
  const char *path = plain != NULL ? plain : value;
  if (g_str_has_prefix (path, "file://"))
    path += strlen ("file://");
  else if (g_str_has_prefix (path, "file:"))
    path += strlen ("file:");
  return g_strdup (path);
}

EstTokenPlace *
est_token_place_parse (const char *text)
{
  EstTokenPlace *place = g_new0 (EstTokenPlace, 1);
  g_auto (GStrv) halves = g_strsplit (text, "?", 2);
  g_auto (GStrv) attributes = g_strsplit (halves[1] != NULL ? halves[1] : "", "&", -1);
  g_autoptr (GString) uri = g_string_new (halves[0]);
  char mark = '?';
  for (char **each = attributes; *each != NULL; each++)
    if (g_str_has_prefix (*each, SOURCE))
      {
        g_free (place->pin_file);
        place->pin_file = find_path (*each + strlen (SOURCE));
      }
    else
      {
        g_string_append_printf (uri, "%c%s", mark, *each);
        mark = '&';
      }
  place->uri = g_string_free (g_steal_pointer (&uri), FALSE);
  return place;
}

void
est_token_place_free (EstTokenPlace *place)
{
  g_free (place->uri);
  g_free (place->pin_file);
  g_free (place->fault);
  g_free (place);
}

int
est_token_place_tell_pin (void *data,
                          int attempt,
                          const char *token_url,
                          const char *token_label,
                          unsigned int flags,
                          char *pin,
                          size_t room)
{
  EstTokenPlace *place = data;
  char text[EST_CLOSED_FILE_LARGEST];
  gsize length = 0;
  g_free (g_steal_pointer (&place->fault));
  if (place->pin_file == NULL)
    place->fault = g_strdup ("wants a PIN, and no pin-source names a file with it");
  else if (attempt > 0 || (flags & GNUTLS_PIN_WRONG) != 0)
    place->fault = g_strdup ("the PIN is wrong; it was tried once");
  else
    est_closed_file_read (place->pin_file, text, &length, &place->fault);
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  gboolean good = place->fault == NULL && length > 0 && length < room;
  if (good)
    memcpy (pin, text, length);
  if (good)
    pin[length] = '\0';
  est_secret_wipe (text, length);
  return good ? 0 : GNUTLS_E_PKCS11_PIN_ERROR;
}
