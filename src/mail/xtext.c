/* Only looked at, never decoded: the relay gets what the client wrote. */
#include "mail/xtext.h"

static gboolean
is_hex (char c)
{
  return g_ascii_isdigit (c) || (c >= 'A' && c <= 'F');
}

static gboolean
is_plain (guchar c)
{
  return c > ' ' && c < 0x7f && c != '=';
}

gboolean
est_xtext_is_valid (const char *text, gboolean letters)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gboolean fine = (guchar) *at < 0x80
                        ? is_plain ((guchar) *at)
                        : letters && !g_unichar_iscntrl (g_utf8_get_char (at));
      if (!fine || (*at == '+' && (!is_hex (at[1]) || !is_hex (at[2]))))
        return FALSE;
    }
  return TRUE;
}
