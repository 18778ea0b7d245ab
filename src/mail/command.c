/* Reads command lines without trusting them; what they mean is the session's business. */
#include "mail/command.h"

#include "mail/mail-error.h"

#include <string.h>

#define BLANKS " \t"

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

const char *
est_command_split (char *line, char *verb, gsize size)
{
  gsize length = strlen (line);
  gsize end = strcspn (line, BLANKS);
  gsize kept = MIN (end, size - 1);

  while (length > 0 && is_blank (line[length - 1]))
    line[--length] = '\0';
  for (gsize i = 0; i < kept; i++)
    verb[i] = g_ascii_toupper (line[i]);
  verb[kept] = '\0';
  return end < length ? line + end + strspn (line + end, BLANKS) : line + length;
}

gboolean
est_command_is_text (const char *line, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (line[i] != '\t' && (line[i] < ' ' || line[i] > '~'))
      return FALSE;
  return TRUE;
}

gboolean
est_command_is_free_of_controls (const char *line, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (line[i] != '\t' && ((guchar) line[i] < ' ' || line[i] == 0x7f))
      return FALSE;
  return TRUE;
}

gboolean
est_command_is_http (const char *line)
{
  /* PRI opens HTTP/2. A page's script can make up any other method, but not the request
     line without " HTTP/" behind it. */
  static const char *const methods[]
    = {"CONNECT", "DELETE",   "GET", "HEAD",   "OPTIONS", "PATCH", "POST",
       "PRI",     "PROPFIND", "PUT", "SEARCH", "TRACE",   "TRACK"};
  gsize length = strcspn (line, BLANKS);

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (strlen (methods[i]) == length
        && g_ascii_strncasecmp (line, methods[i], length) == 0)
      return TRUE;
  return strstr (line, " HTTP/") != NULL;
}

/* esmtp-keyword of RFC 5321 4.1.2; 0 if there is none. */
static gsize
measure_key (const char *text)
{
  gsize length = 0;

  while (g_ascii_isalnum (text[length]) || (length > 0 && text[length] == '-'))
    length++;
  return length;
}

/* esmtp-value: anything printable but blanks and "="; letters beyond ASCII as well (RFC
   6531 3.3). */
static gsize
measure_value (const char *text)
{
  gsize length = 0;

  while ((guchar) text[length] > ' ' && text[length] != 0x7f && text[length] != '=')
    length++;
  return length;
}

static gboolean
malformed (GError **error)
{
  g_set_error_literal (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SYNTAX,
                       "Malformed parameter behind the address");
  return FALSE;
}

gboolean
est_parameter_next (const char **cursor, EstParameter *parameter, GError **error)
{
  const char *key = *cursor + strspn (*cursor, BLANKS);
  gsize key_length = measure_key (key);
  const char *end = key + key_length;
  const char *value = *end == '=' ? end + 1 : NULL;

  *parameter = (EstParameter){NULL};
  if (*key == '\0')
    {
      *cursor = key;
      return TRUE;
    }
  if (key_length == 0 || key == *cursor)
    return malformed (error);
  if (value != NULL)
    end = value + measure_value (value);
  if (end == value || (*end != '\0' && !is_blank (*end)))
    return malformed (error);

  parameter->key = g_ascii_strup (key, key_length);
  parameter->value = value != NULL ? g_strndup (value, end - value) : NULL;
  *cursor = end;
  return TRUE;
}

void
est_parameter_clear (EstParameter *parameter)
{
  g_clear_pointer (&parameter->key, g_free);
  g_clear_pointer (&parameter->value, g_free);
}
