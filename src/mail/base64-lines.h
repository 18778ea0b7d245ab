/* Base64 in lines of 76 characters (RFC 2045 6.8), streaming; between the lines CRLF,
   behind the last one nothing. */
#pragma once

#include <glib.h>

#define EST_BASE64_OCTETS 57 /* that make one line */

/* Zero-initialise. */
typedef struct
{
  guchar held[EST_BASE64_OCTETS];
  gsize n_held;
  gboolean begun; /* a line was written */
} EstBase64Lines;

void est_base64_lines_push (EstBase64Lines *lines,
                            const char *data,
                            gsize length,
                            GByteArray *out);

/* Writes what is left and is as new afterwards. */
void est_base64_lines_finish (EstBase64Lines *lines, GByteArray *out);
