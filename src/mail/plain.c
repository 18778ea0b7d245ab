/* Keeps hostile octets out of everything that shows or repeats a stranger's words. */
#include "mail/plain.h"

static gboolean
changes_direction (gunichar letter)
{
  return (letter >= 0x202a && letter <= 0x202e) || (letter >= 0x2066 && letter <= 0x2069);
}

static gboolean
is_harmless (gunichar letter)
{
  switch (g_unichar_type (letter))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return !changes_direction (letter);
    }
}

char *
est_plain_text (const char *text, gssize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *plain = g_string_sized_new (strlen (valid));

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);
      g_string_append_unichar (plain, is_harmless (letter) ? letter : ' ');
    }
  return g_strstrip (g_string_free (plain, FALSE));
}
