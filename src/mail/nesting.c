/* Compares a line with every boundary in force. */
#include "mail/nesting.h"

#include <string.h>

static void
clear_level (gpointer data)
{
  g_free (((EstLevel *) data)->boundary);
}

GArray *
est_nesting_new (void)
{
  GArray *levels = g_array_new (FALSE, FALSE, sizeof (EstLevel));
  g_array_set_clear_func (levels, clear_level);
  return levels;
}

/* Blanks may follow. */
static gboolean
is_delimiter (const EstLevel *level, const char *line, gsize length, gboolean *closing)
{
  gsize at = 2 + level->length;
  if (length < at || memcmp (line + 2, level->boundary, level->length) != 0)
    return FALSE;
  *closing = length >= at + 2 && memcmp (line + at, "--", 2) == 0;
  at += *closing ? 2 : 0;
  while (at < length && (line[at] == ' ' || line[at] == '\t'))
    at++;
  return at == length;
}

int
est_nesting_find (const GArray *levels, const char *line, gsize length, gboolean *closing)
{
  if (length < 2 || memcmp (line, "--", 2) != 0)
    return -1;
  int i = (int) levels->len - 1;
  while (i >= 0
         && !is_delimiter (&g_array_index (levels, EstLevel, i), line, length, closing))
    i--;
  return i;
}
