/* The header block of a message (RFC 5322 2.2), scanned by hand because no library writes
   one back unchanged. All text has CRLF line ends and is not NUL-terminated. */
#pragma once

#include <glib.h>

#define EST_HEADER_LIMIT (1024 * 1024) /* octets; a larger header block is refused */

typedef struct
{
  const char *start; /* the whole field, folded lines and last CRLF included */
  gsize length;
  gsize name_length; /* the name starts at @start; blanks before the colon do not count */
  const char *value; /* behind the colon, up to the last CRLF, folds inside */
  gsize value_length;
} EstField;

/* Where the header block ends: the offset behind its last field's CRLF, i.e. of the empty
   line; @length if there is none but @complete is set (a message may be header only); -1
   if more octets are needed. A first line that is no field and no continuation ends the
   block as well: what follows is body. */
gssize est_header_find_end (const char *data, gsize length, gboolean complete);

/* Whether a line belongs to a header block: a field begins with it or, with
   @may_continue, goes on. */
gboolean est_header_is_line (const char *line, gsize length, gboolean may_continue);

/* Steps through the fields of a header block. FALSE at its end. */
gboolean est_header_next (const char **cursor, const char *end, EstField *field);

gboolean est_field_is (const EstField *field, const char *name);

/* The value, unfolded (CRLF taken out), blanks at both ends taken off; new string. Octets
   are not decoded. */
char *est_field_text (const EstField *field);

/* The same of the first field called @name; NULL if there is none. */
char *est_header_get (const char *data, gsize length, const char *name);

/* Words for people: RFC 2047 decoded by GMime, valid UTF-8, controls made blanks, and no
   more than the first 4 KiB. NULL for NULL. */
char *est_header_decode (const char *value);

/* Appends to @out the block with what RFC 6409 8 allows: every Bcc field left out, and a
   Date or Message-ID added at the top where there is none. @now: microseconds since 1970,
   written in the local time zone; @message_id with its angle brackets. */
void est_header_complete (
  const char *data, gsize length, gint64 now, const char *message_id, GByteArray *out);

/* A new "<random@domain>": the domain is the sender's, never this host's name; for the
   null sender "estafeta.invalid". */
char *est_message_id_new (const char *sender);

/* RFC 5322 3.3 date-time in the local zone, English whatever the locale. */
char *est_header_date (gint64 now);
