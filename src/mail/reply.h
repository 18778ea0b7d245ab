/* An SMTP reply (RFC 5321 4.2) with its enhanced status code (RFC 3463, RFC 2034).
   Immutable and reference counted; any thread. */
#pragma once

#include <glib.h>

typedef struct
{
  int code;     /* 200..599 */
  char *status; /* "5.1.1", or NULL where the server gave none */
  char *text;   /* the words without codes, lines joined by '\n'; UTF-8, no controls */
} EstReply;

/* @status may be NULL; @text may have several lines. Text that is not UTF-8 or holds
   control characters is made harmless (replacement character, blank). */
EstReply *est_reply_new (int code, const char *status, const char *text);
EstReply *est_reply_ref (EstReply *reply);
void est_reply_unref (EstReply *reply);

/* One line of a reply as read (without CRLF): its code, and whether another line follows.
   Accepts "250" alone and "250 "/"250-". EST_MAIL_ERROR_SYNTAX for anything that does not
   start with a code of 200..599. */
gboolean
est_reply_scan_line (const char *line, int *code, gboolean *more, GError **error);

/* All lines of one reply, in order, without CRLF. A status code is taken off each line
   that carries one with the right class. EST_MAIL_ERROR_SYNTAX if the codes differ. */
EstReply *est_reply_parse (const char *const *lines, GError **error);

/* For the wire: every line with code, status and CRLF. */
char *est_reply_format (const EstReply *reply);

/* For people and journals: "550 5.1.1 no such user" on one line. Parses back with
   est_reply_from_line(), which returns NULL for NULL and nonsense. */
char *est_reply_to_line (const EstReply *reply);
EstReply *est_reply_from_line (const char *line);

/* The first digit: 2, 3, 4 or 5. */
int est_reply_class (const EstReply *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstReply, est_reply_unref)
