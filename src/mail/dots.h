/* The dot transparency of RFC 5321 4.5.2, both ways, streaming. Only CRLF "." CRLF ends a
   message; a CR or LF on its own is never let through in either direction (SMTP
   smuggling). */
#pragma once

#include <glib.h>

/* Taking in. Zero-initialise (a message starts at the beginning of a line). */
typedef struct
{
  int state;
} EstUnstuffer;

typedef enum
{
  EST_DOTS_MORE, /* all of the input was used, the message goes on */
  EST_DOTS_END,  /* CRLF.CRLF was seen; what follows it was not used */
  EST_DOTS_BARE, /* a bare CR or LF: refuse the message; the octets before it were used */
} EstDots;

/* Appends content to @out (CRLF line ends, dots removed, without the final "." line) and
   says in @used how many octets of @data it took. After EST_DOTS_BARE it may be called on
   with what follows: the rest is skipped and nothing appended until the true end, which
   is then EST_DOTS_END. A CR is not handed on before its LF has come, so no split of the
   input makes a difference. */
EstDots est_unstuff (
  EstUnstuffer *unstuffer, const char *data, gsize length, gsize *used, GByteArray *out);

/* Handing out. Zero-initialise. */
typedef struct
{
  int state;
} EstStuffer;

/* Appends @data with leading dots doubled. Content must have CRLF line ends only; FALSE
   (and nothing more appended, now or by later calls) at a bare CR or LF. */
gboolean est_stuff (EstStuffer *stuffer, const char *data, gsize length, GByteArray *out);

/* Appends the CRLF a message without final line end lacks. The caller adds ".\r\n"
   itself: that is the last octet of content, which waits for the mark. FALSE after a lone
   final CR. */
gboolean est_stuff_finish (EstStuffer *stuffer, GByteArray *out);
