/* GLib's base64 knows lines that end with LF only. */
#include "mail/base64-lines.h"

#include <string.h>

static void
write_line (EstBase64Lines *lines, const guchar *octets, gsize length, GByteArray *out)
{
  int state = 0, save = 0;
  char line[EST_BASE64_OCTETS / 3 * 4 + 4];
  if (lines->begun)
    g_byte_array_append (out, (const guint8 *) "\r\n", 2);
  gsize written = g_base64_encode_step (octets, length, FALSE, line, &state, &save);
  written += g_base64_encode_close (FALSE, line + written, &state, &save);
  g_byte_array_append (out, (const guint8 *) line, (guint) written);
  lines->begun = TRUE;
}

void
est_base64_lines_push (EstBase64Lines *lines,
                       const char *data,
                       gsize length,
                       GByteArray *out)
{
  while (length > 0)
    {
      gsize some = MIN (EST_BASE64_OCTETS - lines->n_held, length);
      memcpy (lines->held + lines->n_held, data, some);
      lines->n_held += some;
      data += some;
      length -= some;
      if (lines->n_held < EST_BASE64_OCTETS)
        return;
      write_line (lines, lines->held, lines->n_held, out);
      lines->n_held = 0;
    }
}

void
est_base64_lines_finish (EstBase64Lines *lines, GByteArray *out)
{
  if (lines->n_held > 0)
    write_line (lines, lines->held, lines->n_held, out);
  *lines = (EstBase64Lines){0};
}
