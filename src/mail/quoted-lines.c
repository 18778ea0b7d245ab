/* Octet by octet, with one blank and one CR held back. */
#include "mail/quoted-lines.h"

#include <string.h>

#define LINE_LIMIT 75 /* characters, and the "=" of a soft line break */

gboolean
est_quoted_lines_escapes (guchar octet)
{
  return octet == '=' || octet > '~' || (octet < ' ' && octet != '\t');
}

static void
append (GByteArray *out, const char *text, gsize length)
{
  g_byte_array_append (out, (const guint8 *) text, (guint) length);
}

static void
make_room (EstQuotedLines *lines, guint width, GByteArray *out)
{
  if (lines->column + width <= LINE_LIMIT)
    return;
  append (out, "=\r\n", 3);
  lines->column = 0;
}

static void
put_escaped (EstQuotedLines *lines, char octet, GByteArray *out)
{
  static const char digits[] = "0123456789ABCDEF";
  const char text[] = {'=', digits[(guchar) octet >> 4], digits[(guchar) octet & 15]};
  make_room (lines, sizeof text, out);
  append (out, text, sizeof text);
  lines->column += sizeof text;
}

static void
put (EstQuotedLines *lines, char octet, GByteArray *out)
{
  if (!est_quoted_lines_escapes ((guchar) octet))
    make_room (lines, 1, out);
  if (est_quoted_lines_escapes ((guchar) octet)
      || (lines->column == 0 && strchr (".-F", octet) != NULL))
    {
      put_escaped (lines, octet, out);
      return;
    }
  append (out, &octet, 1);
  lines->column++;
}

/* @last: nothing follows it in its line. */
static void
settle_blank (EstQuotedLines *lines, gboolean last, GByteArray *out)
{
  if (lines->blank != '\0' && last)
    put_escaped (lines, lines->blank, out);
  else if (lines->blank != '\0')
    put (lines, lines->blank, out);
  lines->blank = '\0';
}

static void
end_line (EstQuotedLines *lines, GByteArray *out)
{
  settle_blank (lines, TRUE, out);
  append (out, "\r\n", 2);
  lines->column = 0;
  lines->after_cr = FALSE;
}

static void
settle_cr (EstQuotedLines *lines, GByteArray *out)
{
  if (!lines->after_cr)
    return;
  settle_blank (lines, FALSE, out);
  put (lines, '\r', out);
  lines->after_cr = FALSE;
}

static void
take (EstQuotedLines *lines, char octet, GByteArray *out)
{
  if (octet == '\n' && lines->after_cr)
    {
      end_line (lines, out);
      return;
    }
  settle_cr (lines, out);
  if (octet == '\r')
    {
      lines->after_cr = TRUE;
      return;
    }
  settle_blank (lines, FALSE, out);
  if (octet == ' ' || octet == '\t')
    lines->blank = octet;
  else
    put (lines, octet, out);
}

void
est_quoted_lines_push (EstQuotedLines *lines,
                       const char *data,
                       gsize length,
                       GByteArray *out)
{
  for (gsize i = 0; i < length; i++)
    take (lines, data[i], out);
}

void
est_quoted_lines_finish (EstQuotedLines *lines, GByteArray *out)
{
  settle_cr (lines, out);
  settle_blank (lines, TRUE, out);
  *lines = (EstQuotedLines){0};
}
