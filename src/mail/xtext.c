/* Only looked at, never decoded: the relay gets what the client wrote. */
#include "mail/xtext.h"

static gboolean
is_hex (char c)
{
  return g_ascii_isdigit (c) || (c >= 'A' && c <= 'F');
}

gboolean
est_xtext_is_valid (const char *text)
{
  for (; *text != '\0'; text++)
    {
      guchar c = (guchar) *text;
      if (c <= ' ' || c == 0x7f || c == '=')
        return FALSE;
      if (c != '+')
        continue;
      if (!is_hex (text[1]) || !is_hex (text[2]))
        return FALSE;
      text += 2;
    }
  return TRUE;
}
