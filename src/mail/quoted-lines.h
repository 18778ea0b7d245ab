/* Quoted-printable (RFC 2045 6.7), streaming: CRLF stays a line end, every other CR or LF
   is an octet like others. No line is longer than 76 characters or ends with a blank, and
   none begins with what some relay, mailbox or reader could take for something else: a
   dot, the F of "From ", the dash of a delimiter. */
#pragma once

#include <glib.h>

/* Zero-initialise. */
typedef struct
{
  guint column;      /* characters in the line so far */
  char blank;        /* one that may end its line, or NUL */
  gboolean after_cr; /* a CR that may be half of a line end */
} EstQuotedLines;

void est_quoted_lines_push (EstQuotedLines *lines,
                            const char *data,
                            gsize length,
                            GByteArray *out);

/* Writes what is left and is as new afterwards. */
void est_quoted_lines_finish (EstQuotedLines *lines, GByteArray *out);

/* Whether the octet is written as three characters wherever it stands. */
gboolean est_quoted_lines_escapes (guchar octet);
