/* Reads and completes the header block octet by octet as it is, so that what a signature
   or a strange client put there stays what it was. */
#include "mail/header.h"

#include "mail/address.h"
#include "mail/mime.h"
#include "mail/plain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* Nobody reads more of a field in a list, and GMime's time grows faster than length. */
#define DECODE_LIMIT 4096

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

/* RFC 5322 2.2: printable ASCII without the colon. */
static gboolean
is_name (char c)
{
  return c > ' ' && c <= '~' && c != ':';
}

static const char *
find_colon (const char *line, const char *end, gsize *name_length)
{
  const char *at = line;

  while (at < end && is_name (*at))
    at++;
  *name_length = at - line;
  while (at < end && is_blank (*at))
    at++;
  return *name_length > 0 && at < end && *at == ':' ? at : NULL;
}

static gboolean
is_header_line (const char *line, const char *end, gboolean may_continue)
{
  gsize name_length;

  return (may_continue && is_blank (*line))
         || find_colon (line, end, &name_length) != NULL;
}

gboolean
est_header_is_line (const char *line, gsize length, gboolean may_continue)
{
  return length > 0 && is_header_line (line, line + length, may_continue);
}

gssize
est_header_find_end (const char *data, gsize length, gboolean complete)
{
  const char *at = data, *end = data + length;

  while (at < end)
    {
      const char *feed = memchr (at, '\n', end - at);

      if (feed == NULL && !complete)
        return -1;
      if (!is_header_line (at, end, at > data))
        return at - data;
      at = feed != NULL ? feed + 1 : end;
    }
  return complete ? (gssize) length : -1;
}

static const char *
find_field_end (const char *at, const char *end)
{
  do
    {
      const char *feed = memchr (at, '\n', end - at);
      at = feed != NULL ? feed + 1 : end;
    }
  while (at < end && is_blank (*at));
  return at;
}

gboolean
est_header_next (const char **cursor, const char *end, EstField *field)
{
  const char *start = *cursor;
  const char *colon = find_colon (start, end, &field->name_length);

  if (colon == NULL)
    return FALSE;

  const char *next = find_field_end (colon, end);
  const char *stop = next;
  if (stop[-1] == '\n')
    stop -= stop[-2] == '\r' ? 2 : 1;
  field->start = start;
  field->length = next - start;
  field->value = colon + 1;
  field->value_length = stop - field->value;
  *cursor = next;
  return TRUE;
}

gboolean
est_field_is (const EstField *field, const char *name)
{
  return strlen (name) == field->name_length
         && g_ascii_strncasecmp (field->start, name, field->name_length) == 0;
}

/* A NUL would hide what stands behind it: it becomes a blank. */
char *
est_field_text (const EstField *field)
{
  GString *value = g_string_sized_new (field->value_length);

  for (gsize i = 0; i < field->value_length; i++)
    if (field->value[i] != '\r' && field->value[i] != '\n')
      g_string_append_c (value, field->value[i] != '\0' ? field->value[i] : ' ');
  return g_strstrip (g_string_free (value, FALSE));
}

static gboolean
find_field (const char *data, gsize length, const char *name, EstField *field)
{
  const char *cursor = data;

  while (est_header_next (&cursor, data + length, field))
    if (est_field_is (field, name))
      return TRUE;
  return FALSE;
}

char *
est_header_get (const char *data, gsize length, const char *name)
{
  EstField field;

  return find_field (data, length, name, &field) ? est_field_text (&field) : NULL;
}

char *
est_header_decode (const char *value)
{
  if (value == NULL)
    return NULL;
  est_mime_ready ();

  g_autofree char *start = g_strndup (value, DECODE_LIMIT);
  g_autofree char *decoded = g_mime_utils_header_decode_text (NULL, start);
  return est_plain_text (decoded, -1);
}

static void
append (GByteArray *out, const char *data, gsize length)
{
  g_byte_array_append (out, (const guint8 *) data, length);
}

static void
append_field (GByteArray *out, const char *name, const char *value)
{
  g_autofree char *field = g_strdup_printf ("%s: %s\r\n", name, value);

  append (out, field, strlen (field));
}

static void
add_missing (
  const char *data, gsize length, gint64 now, const char *message_id, GByteArray *out)
{
  g_autofree char *date = est_header_date (now);
  EstField field;

  if (!find_field (data, length, "Date", &field))
    append_field (out, "Date", date);
  if (!find_field (data, length, "Message-ID", &field))
    append_field (out, "Message-ID", message_id);
}

void
est_header_complete (
  const char *data, gsize length, gint64 now, const char *message_id, GByteArray *out)
{
  const char *cursor = data, *kept = data;
  EstField field;

  add_missing (data, length, now, message_id, out);
  while (est_header_next (&cursor, data + length, &field))
    if (est_field_is (&field, "Bcc") || est_field_is (&field, "Resent-Bcc"))
      {
        append (out, kept, field.start - kept);
        kept = cursor;
      }
  append (out, kept, data + length - kept);
}

/* In ASCII, whatever letters the domain has: the header may have no others. */
static char *
domain_of (const char *sender)
{
  char *domain = est_address_is_mailbox (sender)
                   ? g_hostname_to_ascii (est_address_domain (sender))
                   : NULL;
  return domain != NULL ? domain : g_strdup ("estafeta.invalid");
}

char *
est_message_id_new (const char *sender)
{
  guint8 random[16];
  GString *id = g_string_new ("<");

  /* g_random_int() and what builds on it can be foretold from earlier Message-IDs. */
  if (getentropy (random, sizeof random) != 0)
    g_error ("The kernel gives no random numbers: %s", g_strerror (errno));
  for (gsize i = 0; i < sizeof random; i++)
    g_string_append_printf (id, "%02x", random[i]);
  g_autofree char *domain = domain_of (sender);
  g_string_append_printf (id, "@%s>", domain);
  return g_string_free (id, FALSE);
}

char *
est_header_date (gint64 now)
{
  static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  time_t seconds = now / G_USEC_PER_SEC;
  struct tm local;

  /* localtime_r() alone would keep the zone this daemon was started in for ever. */
  tzset ();
  localtime_r (&seconds, &local);

  int minutes = abs ((int) (local.tm_gmtoff / 60));
  return g_strdup_printf ("%s, %d %s %d %02d:%02d:%02d %c%02d%02d", days[local.tm_wday],
                          local.tm_mday, months[local.tm_mon], local.tm_year + 1900,
                          local.tm_hour, local.tm_min, local.tm_sec,
                          local.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}
