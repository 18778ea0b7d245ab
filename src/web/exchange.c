/* Past the buffers of stdio, which nobody could wipe. */
#include "web/exchange.h"

#include "base/secret.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static gboolean
read_all (int fd, char *text, gsize room)
{
  gsize length = 0;
  while (length < room)
    {
      gssize got = read (fd, text + length, room - length);
      if (got == 0)
        return TRUE;
      if (got < 0 && errno != EINTR)
        return FALSE;
      length += got > 0 ? (gsize) got : 0;
    }
  return FALSE;
}

static gboolean
take_line (GHashTable *input, const char *line, gsize length)
{
  const char *equals = memchr (line, '=', length);
  if (equals == NULL || equals == line)
    return FALSE;
  gsize key = (gsize) (equals - line);
  g_hash_table_replace (input, g_strndup (line, key),
                        g_strndup (equals + 1, length - key - 1));
  return TRUE;
}

static GHashTable *
take_lines (const char *text)
{
  g_autoptr (GHashTable) input = g_hash_table_new_full (
    g_str_hash, g_str_equal, g_free, (GDestroyNotify) est_secret_free_text);
  while (*text != '\0')
    {
      gsize length = strcspn (text, "\n");
      if (!take_line (input, text, length))
        return NULL;
      text += length + (text[length] == '\n');
    }
  return g_steal_pointer (&input);
}

GHashTable *
est_exchange_read (int fd)
{
  char *text = g_malloc0 (EST_EXCHANGE_LIMIT + 1);
  GHashTable *input = read_all (fd, text, EST_EXCHANGE_LIMIT) ? take_lines (text) : NULL;
  est_secret_free_text (text);
  return input;
}

const char *
est_exchange_get (GHashTable *input, const char *key)
{
  const char *value = g_hash_table_lookup (input, key);
  return value != NULL && *value != '\0' ? value : NULL;
}

static void
append (GString *line, const char *key, const char *value)
{
  char *good = g_utf8_make_valid (value, -1);
  for (char *c = good; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  g_string_append_printf (line, "\t%s=%s", key, good);
  est_secret_free_text (good);
}

static void
write_all (const char *text, gsize length)
{
  while (length > 0)
    {
      gssize written = write (STDOUT_FILENO, text, length);
      if (written < 0 && errno != EINTR)
        return; /* nobody listens any more */
      text += MAX (written, 0);
      length -= (gsize) MAX (written, 0);
    }
}

void
est_exchange_print (const char *word, ...)
{
  GString *line = g_string_sized_new (EST_EXCHANGE_LIMIT); /* does not move as it grows */
  va_list arguments;
  g_string_append (line, word);
  va_start (arguments, word);
  for (const char *key; (key = va_arg (arguments, const char *)) != NULL;)
    {
      const char *value = va_arg (arguments, const char *);
      if (value != NULL)
        append (line, key, value);
    }
  va_end (arguments);
  g_string_append_c (line, '\n');
  write_all (line->str, line->len);
  est_secret_free_text (g_string_free (line, FALSE));
}
