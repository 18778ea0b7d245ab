/* Columns, not characters: a subject in Chinese takes twice as many. */
#include "cli/output.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_WIDTH 80

guint
est_output_width (void)
{
  struct winsize size;
  if (!isatty (STDOUT_FILENO))
    return 0;
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return USUAL_WIDTH;
}

static guint
columns_of (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

guint
est_output_columns (const char *text)
{
  guint columns = 0;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    columns += columns_of (g_utf8_get_char (text));
  return columns;
}

static void
append_blanks (GString *out, guint n)
{
  for (; n > 0; n--)
    g_string_append_c (out, ' ');
}

/* As much of @text as leaves room for the ellipsis; a wide character may leave a gap. */
static void
append_cut (GString *out, const char *text, guint columns)
{
  guint used = 0;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      if (used + columns_of (c) > columns - 1)
        break;
      g_string_append_unichar (out, c);
      used += columns_of (c);
    }
  g_string_append (out, "…");
  append_blanks (out, columns - 1 - used);
}

char *
est_output_fit (const char *text, guint columns, gboolean right)
{
  GString *out = g_string_new (NULL);
  guint needed = est_output_columns (text);
  if (columns == 0)
    return g_string_free (out, FALSE);
  if (needed > columns)
    {
      append_cut (out, text, columns);
      return g_string_free (out, FALSE);
    }
  if (right)
    append_blanks (out, columns - needed);
  g_string_append (out, text);
  if (!right)
    append_blanks (out, columns - needed);
  return g_string_free (out, FALSE);
}

void
est_output_print_fact (const char *label, guint columns, const char *text)
{
  guint room = MAX (columns, est_output_columns (label) + 1);
  g_autofree char *padded = est_output_fit (label, room, FALSE);
  if (*text != '\0')
    g_print ("  %s%s\n", padded, text);
}
