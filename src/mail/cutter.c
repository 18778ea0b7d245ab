/* Looks at the beginnings of lines only. */
#include "mail/cutter.h"

#include <string.h>

/* Whether what is held can still become a line that is told whole. */
static gboolean
is_candidate (const EstCutter *cutter)
{
  const GByteArray *held = cutter->held;
  if (cutter->whole_lines)
    return held->len <= EST_CUTTER_WHOLE_LIMIT;
  return held->len <= EST_CUTTER_LINE_LIMIT
         && memcmp (held->data, "--", MIN (held->len, 2)) == 0;
}

/* The line is text after all; a CR at its end may still be half of a line end. */
static void
release (EstCutter *cutter)
{
  GByteArray *held = cutter->held;
  gsize length = held->len;
  cutter->within = TRUE;
  cutter->after_cr = length > 0 && held->data[length - 1] == '\r';
  length -= cutter->after_cr ? 1 : 0;
  if (length > 0)
    cutter->events->text (cutter->data, (const char *) held->data, length);
  g_byte_array_set_size (held, 0);
}

static void
tell_line (EstCutter *cutter, gsize length, gboolean ended)
{
  cutter->events->line (cutter->data, (const char *) cutter->held->data, length, ended);
  g_byte_array_set_size (cutter->held, 0);
}

static gboolean
is_ended (const GByteArray *held)
{
  return held->len >= 2 && memcmp (held->data + held->len - 2, "\r\n", 2) == 0;
}

/* Octet by octet until "--" is seen or not, then in one go. Returns how many were used.
 */
static gsize
hold (EstCutter *cutter, const char *data, gsize length)
{
  const char *feed = memchr (data, '\n', length);
  gsize used = feed != NULL ? (gsize) (feed - data) + 1 : length;
  if (!cutter->whole_lines)
    used = cutter->held->len < 2 ? 1 : MIN (used, EST_CUTTER_LINE_LIMIT);
  g_byte_array_append (cutter->held, (const guint8 *) data, (guint) used);
  if (!is_candidate (cutter))
    release (cutter);
  else if (is_ended (cutter->held))
    tell_line (cutter, cutter->held->len - 2, TRUE);
  return used;
}

static gsize
take_after_cr (EstCutter *cutter, char next)
{
  cutter->after_cr = FALSE;
  if (next != '\n')
    {
      cutter->events->text (cutter->data, "\r", 1);
      return 0;
    }
  cutter->within = FALSE;
  cutter->events->line_end (cutter->data);
  return 1;
}

static gsize
let_through (EstCutter *cutter, const char *data, gsize length)
{
  if (cutter->after_cr)
    return take_after_cr (cutter, *data);
  const char *end = memchr (data, '\r', length);
  gsize used = end != NULL ? (gsize) (end - data) : length;
  if (used > 0)
    cutter->events->text (cutter->data, data, used);
  cutter->after_cr = end != NULL;
  return used + (end != NULL ? 1 : 0);
}

void
est_cutter_push (EstCutter *cutter, const char *data, gsize length)
{
  const char *end = data + length;
  if (cutter->held == NULL)
    cutter->held = g_byte_array_new ();
  while (data < end)
    data += cutter->within ? let_through (cutter, data, (gsize) (end - data))
                           : hold (cutter, data, (gsize) (end - data));
}

void
est_cutter_finish (EstCutter *cutter)
{
  if (cutter->after_cr)
    cutter->events->text (cutter->data, "\r", 1);
  else if (cutter->held != NULL && cutter->held->len > 0)
    tell_line (cutter, cutter->held->len, FALSE);
  cutter->after_cr = FALSE;
}

void
est_cutter_clear (EstCutter *cutter)
{
  g_clear_pointer (&cutter->held, g_byte_array_unref);
}
