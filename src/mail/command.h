/* One SMTP command line (RFC 5321 4.1.1) and the ESMTP parameters behind a path (4.1.2).
   Pure text. */
#pragma once

#include <glib.h>

/* Splits @line (without CRLF) at the first blank: @verb gets the upper-cased verb (static
   storage of the caller, at most @size - 1 octets, longer ones cut), the return value
   points at the argument inside @line, "" if none. Trailing blanks are cut off. */
const char *est_command_split (char *line, char *verb, gsize size);

/* Whether @line holds only printable ASCII and blanks (0x20..0x7e, tab). */
gboolean est_command_is_text (const char *line, gsize length);

/* Whether it holds no controls but tabs: octets above ASCII may be an address (RFC 6531
   3.2), which is for whoever reads that to decide. */
gboolean est_command_is_free_of_controls (const char *line, gsize length);

/* Whether a first line is an HTTP request line: METHOD SP target [SP HTTP/x]. Decided by
   the method's name or by " HTTP/" anywhere, so that a web page's request never goes on
   as a dialogue. */
gboolean est_command_is_http (const char *line);

typedef struct
{
  char *key;   /* upper case */
  char *value; /* NULL without "=" */
} EstParameter;

/* The next esmtp-param at *@cursor, a blank in front of it. TRUE with @parameter cleared
   (key NULL) at the end; EST_MAIL_ERROR_SYNTAX for anything else. @parameter is
   overwritten: clear each one with est_parameter_clear(). */
gboolean
est_parameter_next (const char **cursor, EstParameter *parameter, GError **error);
void est_parameter_clear (EstParameter *parameter);
