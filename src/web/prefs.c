/* A line at a time: nothing else is in such a file but comments. */
#include "web/prefs.h"

#include <string.h>

#define LONGEST 2048  /* octets of a name or value */
#define MOST    20000 /* names */

static const char *
skip_blanks (const char *cursor)
{
  while (*cursor == ' ' || *cursor == '\t')
    cursor++;
  return cursor;
}

/* Past @c and blanks around it; NULL: something else stands there. */
static const char *
skip_sign (const char *cursor, char c)
{
  cursor = skip_blanks (cursor);
  return *cursor == c ? skip_blanks (cursor + 1) : NULL;
}

/* @n hexadecimal digits at *@cursor, which are passed; 0: no character of its own. */
static gunichar
read_hex (const char **cursor, guint n)
{
  gunichar value = 0;
  for (guint i = 0; i < n; i++)
    {
      int digit = g_ascii_xdigit_value ((*cursor)[i]);
      if (digit < 0)
        return 0;
      value = value * 16 + (gunichar) digit;
    }
  *cursor += n;
  return g_unichar_validate (value) ? value : 0;
}

/* Behind a backslash. */
static gunichar
read_escape (const char **cursor)
{
  char c = **cursor;
  if (c == '\0' || c == '\n')
    return 0;
  (*cursor)++;
  switch (c)
    {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'x':
      return read_hex (cursor, 2);
    case 'u':
      return read_hex (cursor, 4);
    default:
      return (guchar) c < 0x80 ? (gunichar) c : 0;
    }
}

/* A text between quotes at *@cursor, which is passed; NULL: none, or too long. */
static char *
read_text (const char **cursor)
{
  g_autoptr (GString) text = g_string_new (NULL);
  if (**cursor != '"')
    return NULL;
  for ((*cursor)++; **cursor != '"';)
    {
      if (**cursor == '\0' || **cursor == '\n' || text->len > LONGEST)
        return NULL;
      if (**cursor != '\\')
        {
          g_string_append_c (text, *(*cursor)++);
          continue;
        }
      (*cursor)++;
      gunichar c = read_escape (cursor);
      if (c == 0)
        return NULL;
      g_string_append_unichar (text, c);
    }
  (*cursor)++;
  return g_utf8_validate (text->str, -1, NULL)
           ? g_string_free (g_steal_pointer (&text), FALSE)
           : NULL;
}

/* A number or a truth value. */
static char *
read_word (const char **cursor)
{
  gsize length = strspn (*cursor, "-0123456789abcdefghijklmnopqrstuvwxyz");
  if (length == 0 || length > LONGEST)
    return NULL;
  *cursor += length;
  return g_strndup (*cursor - length, length);
}

static void
read_line (GHashTable *prefs, const char *line, const char *prefix)
{
  static const char begin[] = "user_pref(";
  if (!g_str_has_prefix (line, begin))
    return;
  const char *cursor = skip_blanks (line + strlen (begin));
  g_autofree char *name = read_text (&cursor);
  cursor = name != NULL ? skip_sign (cursor, ',') : NULL;
  if (cursor == NULL)
    return;
  g_autofree char *value = *cursor == '"' ? read_text (&cursor) : read_word (&cursor);
  if (value == NULL || skip_sign (cursor, ')') == NULL || !g_str_has_prefix (name, prefix)
      || g_hash_table_size (prefs) >= MOST)
    return;
  g_hash_table_replace (prefs, g_steal_pointer (&name), g_steal_pointer (&value));
}

GHashTable *
est_prefs_parse (const char *text, const char *prefix)
{
  GHashTable *prefs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  while (*text != '\0')
    {
      read_line (prefs, text, prefix);
      text += strcspn (text, "\n");
      text += *text == '\n';
    }
  return prefs;
}
