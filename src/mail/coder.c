/* Three ways to write octets. */
#include "mail/coder.h"

void
est_coder_push (EstCoder *coder, const char *data, gsize length, GByteArray *out)
{
  switch (coder->coding)
    {
    case EST_CODING_QUOTED:
      est_quoted_lines_push (&coder->quoted, data, length, out);
      return;
    case EST_CODING_BASE64:
      est_base64_lines_push (&coder->base64, data, length, out);
      return;
    default:
      g_byte_array_append (out, (const guint8 *) data, (guint) length);
    }
}

void
est_coder_finish (EstCoder *coder, GByteArray *out)
{
  if (coder->coding == EST_CODING_QUOTED)
    est_quoted_lines_finish (&coder->quoted, out);
  if (coder->coding == EST_CODING_BASE64)
    est_base64_lines_finish (&coder->base64, out);
  coder->coding = EST_CODING_KEEP;
}

const char *
est_coding_name (EstCoding coding)
{
  static const char *const names[] = {NULL, "quoted-printable", "base64"};
  return names[coding];
}
