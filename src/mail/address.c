/* The grammar of addresses, as a row of functions that each step over one rule of it.
   They return what follows, or NULL where the text does not match; a NUL matches nothing,
   so none of them runs past the end. */
#include "mail/address.h"

#include "mail/mail-error.h"

#include <string.h>

#define LOCAL_PART_LIMIT 64
#define PATH_LIMIT       256 /* with its brackets; no domain of more than 255 fits in */

/* An octet of a letter beyond ASCII (RFC 6531 3.3); is_decent() looks at the letters. */
static gboolean
is_high (char c)
{
  return (guchar) c >= 0x80;
}

static gboolean
is_atext (char c)
{
  return g_ascii_isalnum (c) || is_high (c)
         || (c != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static gboolean
is_quotable (char c)
{
  return (c >= ' ' && c <= '~') || is_high (c);
}

/* No "@" in here: what follows the last one in a mailbox must be its domain. */
static gboolean
is_literal (char c)
{
  return g_ascii_isalnum (c) || c == '.' || c == ':' || c == '-';
}

static const char *
skip_dot_string (const char *at)
{
  for (;; at++)
    {
      if (!is_atext (*at))
        return NULL;
      while (is_atext (*at))
        at++;
      if (*at != '.')
        return at;
    }
}

static const char *
skip_quoted_string (const char *at)
{
  for (at++; *at != '"'; at++)
    {
      if (*at == '\\')
        at++;
      if (!is_quotable (*at))
        return NULL;
    }
  return at + 1;
}

static const char *
skip_local_part (const char *at)
{
  return *at == '"' ? skip_quoted_string (at) : skip_dot_string (at);
}

static const char *
skip_label (const char *at)
{
  if (!g_ascii_isalnum (*at) && !is_high (*at))
    return NULL;
  while (g_ascii_isalnum (*at) || is_high (*at) || *at == '-')
    at++;
  return at[-1] == '-' ? NULL : at;
}

static const char *
skip_name (const char *at)
{
  at = skip_label (at);
  while (at != NULL && *at == '.')
    at = skip_label (at + 1);
  return at;
}

static const char *
skip_address_literal (const char *at)
{
  const char *start = ++at;

  while (is_literal (*at))
    at++;
  return at > start && *at == ']' ? at + 1 : NULL;
}

static const char *
skip_domain (const char *at)
{
  return *at == '[' ? skip_address_literal (at) : skip_name (at);
}

/* "@one,@two:" in front of a mailbox; RFC 5321 wants it accepted and ignored. */
static const char *
skip_route (const char *at)
{
  if (*at != '@')
    return at;
  at = skip_domain (at + 1);
  while (at != NULL && at[0] == ',' && at[1] == '@')
    at = skip_domain (at + 2);
  return at != NULL && *at == ':' ? at + 1 : NULL;
}

static const char *
too_long (const char *what, GError **error)
{
  g_set_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_TOO_LONG, "The %s is too long",
               what);
  return NULL;
}

static const char *
malformed (GError **error)
{
  g_set_error_literal (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SYNTAX,
                       "This is not a mail address");
  return NULL;
}

static gboolean
is_letter (gunichar letter)
{
  switch (g_unichar_type (letter))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SPACE_SEPARATOR:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
      return letter == ' ';
    default:
      return TRUE;
    }
}

/* Beyond ASCII: valid UTF-8 without controls and strange blanks, and a domain that IDNA
   knows (RFC 5891); GLib asks its tables. */
static gboolean
is_decent (const char *start, const char *end)
{
  g_autofree char *mailbox = g_strndup (start, (gsize) (end - start));
  if (est_address_is_ascii (mailbox))
    return TRUE;
  if (!g_utf8_validate (mailbox, -1, NULL))
    return FALSE;
  for (const char *at = mailbox; *at != '\0'; at = g_utf8_next_char (at))
    if (!is_letter (g_utf8_get_char (at)))
      return FALSE;
  const char *domain = est_address_domain (mailbox);
  if (domain == NULL || est_address_is_ascii (domain))
    return TRUE;
  g_autofree char *ascii = g_hostname_to_ascii (domain);
  return ascii != NULL;
}

static const char *
skip_mailbox (const char *start, GError **error)
{
  const char *at = skip_local_part (start);
  const char *end = at != NULL && *at == '@' ? skip_domain (at + 1) : NULL;

  if (end == NULL)
    return malformed (error);
  if (at - start > LOCAL_PART_LIMIT)
    return too_long ("part before the @", error);
  return is_decent (start, end) ? end : malformed (error);
}

static const char *
skip_path_content (const char *at, gboolean routed, GError **error)
{
  if (*at == '>' && !routed)
    return at;
  if (g_ascii_strncasecmp (at, "postmaster>", strlen ("postmaster>")) == 0)
    return at + strlen ("postmaster");
  return skip_mailbox (at, error);
}

char *
est_address_parse_path (const char **cursor, GError **error)
{
  const char *open = *cursor + strspn (*cursor, " \t");
  const char *start = *open == '<' ? skip_route (open + 1) : NULL;

  if (start == NULL)
    return (char *) malformed (error);

  const char *end = skip_path_content (start, start > open + 1, error);
  if (end == NULL)
    return NULL;
  if (*end != '>')
    return (char *) malformed (error);
  if (end + 1 - open > PATH_LIMIT)
    return (char *) too_long ("address", error);
  *cursor = end + 1;
  return g_strndup (start, end - start);
}

gboolean
est_address_is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if (is_high (*text))
      return FALSE;
  return TRUE;
}

gboolean
est_address_is_mailbox (const char *mailbox)
{
  const char *end = skip_mailbox (mailbox, NULL);

  return end != NULL && *end == '\0' && end - mailbox <= PATH_LIMIT - 2;
}

const char *
est_address_domain (const char *mailbox)
{
  const char *at = strrchr (mailbox, '@');

  return at != NULL ? at + 1 : NULL;
}

static gboolean
is_same_domain (const char *a, const char *b)
{
  g_autofree char *one = g_hostname_to_ascii (a);
  g_autofree char *other = g_hostname_to_ascii (b);
  return one != NULL && other != NULL && g_ascii_strcasecmp (one, other) == 0;
}

/* Whether both begin with the same @length octets, and have a domain behind them. */
static gboolean
is_same_from (const char *a, const char *b, gsize length)
{
  const char *one = est_address_domain (a), *other = est_address_domain (b);
  return one != NULL && other != NULL && (gsize) (other - b) == length + 1
         && g_ascii_strncasecmp (a, b, length) == 0 && is_same_domain (one, other);
}

gboolean
est_address_equal (const char *a, const char *b)
{
  const char *at = strrchr (a, '@');
  return g_ascii_strcasecmp (a, b) == 0
         || (at != NULL && is_same_from (a, b, (gsize) (at - a)));
}

gboolean
est_address_is_tagged (const char *mailbox, const char *plain)
{
  const char *tag = strchr (mailbox, '+'), *at = strrchr (mailbox, '@');
  return *mailbox != '"' && tag != NULL && tag < at
         && is_same_from (mailbox, plain, (gsize) (tag - mailbox));
}

gboolean
est_address_is_wildcard (const char *pattern)
{
  return g_str_has_prefix (pattern, "*@");
}

const char *
est_address_first_mailbox (char **patterns)
{
  for (char **pattern = patterns; *pattern != NULL; pattern++)
    if (!est_address_is_wildcard (*pattern))
      return *pattern;
  return NULL;
}

gboolean
est_address_is_within (const char *mailbox, const char *wildcard)
{
  const char *domain = est_address_domain (mailbox);
  return domain != NULL && is_same_domain (domain, est_address_domain (wildcard));
}

gboolean
est_address_is_host_under (const char *host, const char *domain)
{
  gsize length = strlen (host), tail = strlen (domain);
  if (length > 0 && host[length - 1] == '.')
    length--;
  if (length < tail || g_ascii_strncasecmp (host + length - tail, domain, tail) != 0)
    return FALSE;
  return length == tail || host[length - tail - 1] == '.';
}
