/* Lists are cut here and only what stands between two commas is GMime's: it calls itself
   for every group within a group, and its time grows faster than a list. */
#include "mail/recipients.h"

#include "mail/address.h"
#include "mail/header.h"
#include "mail/mime.h"

#include <string.h>

#define LONGEST_ADDRESS 4096 /* octets, with its name and comments */

/* Where in the grammar of RFC 5322 3.4 an octet stands. */
typedef struct
{
  gboolean quoted;
  gboolean bracketed; /* <...> or [...] */
  guint comments;     /* how deep */
} Place;

static gboolean
is_separator (Place *place, char c)
{
  if (place->quoted)
    place->quoted = c != '"';
  else if (c == '(')
    place->comments++;
  else if (place->comments > 0)
    place->comments -= c == ')';
  else if (c == '"')
    place->quoted = TRUE;
  else if (c == '<' || c == '[')
    place->bracketed = TRUE;
  else if (c == '>' || c == ']')
    place->bracketed = FALSE;
  else
    return !place->bracketed && strchr (",:;", c) != NULL;
  return FALSE;
}

/* The comma that ends an address, the colon that ends the name of a group, the semicolon
   that ends a group, or the NUL. */
static const char *
find_separator (const char *at)
{
  Place place = {0};
  for (; *at != '\0'; at++)
    if (*at == '\\' && at[1] != '\0')
      at++;
    else if (is_separator (&place, *at))
      return at;
  return at;
}

static char *
parse_one (const char *text)
{
  if (strlen (text) > LONGEST_ADDRESS)
    return NULL;
  est_mime_ready ();
  InternetAddressList *list = internet_address_list_parse (NULL, text);
  if (list == NULL)
    return NULL;
  InternetAddress *only = internet_address_list_get_address (list, 0);
  char *mailbox = NULL;
  if (internet_address_list_length (list) == 1 && INTERNET_ADDRESS_IS_MAILBOX (only))
    mailbox
      = g_strdup (internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (only)));
  g_object_unref (list);
  return mailbox;
}

/* What was collected so far. */
typedef struct
{
  GPtrArray *recipients;
  GHashTable *known; /* borrows from @recipients */
} Collection;

static gboolean
add_address (Collection *collection, const char *text)
{
  g_autofree char *mailbox = parse_one (text);
  if (mailbox == NULL || !est_address_is_mailbox (mailbox))
    return FALSE;
  if (g_hash_table_contains (collection->known, mailbox))
    return TRUE;
  g_hash_table_add (collection->known, mailbox);
  g_ptr_array_add (collection->recipients, g_steal_pointer (&mailbox));
  return TRUE;
}

/* Commas with nothing between them are allowed (RFC 5322 4.4). */
static gboolean
add_list (Collection *collection, const char *list)
{
  for (const char *at = list;;)
    {
      const char *end = find_separator (at);
      g_autofree char *text = g_strndup (at, end - at);
      if (*end != ':' && *g_strstrip (text) != '\0' && !add_address (collection, text))
        return FALSE;
      if (*end == '\0')
        return TRUE;
      at = end + 1;
    }
}

static gboolean
add_field (Collection *collection, const EstField *field)
{
  g_autofree char *list = est_field_text (field);
  return add_list (collection, list);
}

static gboolean
is_one_of (const EstField *field, const char *const *names)
{
  for (; *names != NULL; names++)
    if (est_field_is (field, *names))
      return TRUE;
  return FALSE;
}

static gboolean
is_resent (const EstField *field)
{
  static const char prefix[] = "Resent-";
  return field->name_length > strlen (prefix)
         && g_ascii_strncasecmp (field->start, prefix, strlen (prefix)) == 0;
}

/* Each time a message is sent again, one block of Resent- fields is put on top of it;
   none of them occurs in it twice. Sets @start and @end to the topmost one. */
static gboolean
find_resent (const char **start, const char **end)
{
  const char *cursor = *start, *begin = NULL;
  g_autoptr (GHashTable) seen
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (EstField field; est_header_next (&cursor, *end, &field);)
    {
      gboolean first = is_resent (&field)
                       && g_hash_table_add (
                         seen, g_ascii_strdown (field.start, (gssize) field.name_length));
      if (begin == NULL && first)
        begin = field.start;
      if (begin == NULL || first)
        continue;
      *end = field.start;
      break;
    }
  *start = begin != NULL ? begin : *start;
  return begin != NULL;
}

/* Every mailbox of the fields called @names between @at and @end. */
static gboolean
collect (const char *at, const char *end, const char *const *names, GPtrArray *mailboxes)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  Collection collection = {mailboxes, known};
  for (EstField field; est_header_next (&at, end, &field);)
    if (is_one_of (&field, names) && !add_field (&collection, &field))
      return FALSE;
  return TRUE;
}

gboolean
est_recipients_read (const char *header, gsize length, GPtrArray *recipients)
{
  static const char *const plain[] = {"To", "Cc", "Bcc", NULL};
  static const char *const resent[] = {"Resent-To", "Resent-Cc", "Resent-Bcc", NULL};
  const char *at = header, *end = header + length;
  const char *const *names = find_resent (&at, &end) ? resent : plain;
  return collect (at, end, names, recipients);
}

gboolean
est_authors_read (const char *header, gsize length, GPtrArray *authors)
{
  static const char *const names[] = {"From", "Sender", NULL};
  return collect (header, header + length, names, authors);
}

gboolean
est_originators_read (const char *header, gsize length, GPtrArray *originators)
{
  static const char *const plain[][2] = {
    {"Sender", NULL},
    {"From",   NULL}
  };
  static const char *const resent[][2] = {
    {"Resent-Sender", NULL},
    {"Resent-From",   NULL}
  };
  const char *at = header, *end = header + length;
  const char *const(*names)[2] = find_resent (&at, &end) ? resent : plain;
  return collect (at, end, names[0], originators)
         && collect (at, end, names[1], originators);
}
