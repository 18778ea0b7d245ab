/* Reads times. */
#include "cli/moment.h"

#include <string.h>

#define MOST_AGO 1000000 /* of any unit */

static gboolean
parse_ago (const char *text, gint64 now, gint64 *when)
{
  static const gint64 seconds[] = {['m'] = 60, ['h'] = 3600, ['d'] = 24 * 3600};
  guint64 count;
  gsize length = strlen (text);
  if (length < 2 || strchr ("mhd", text[length - 1]) == NULL)
    return FALSE;
  g_autofree char *digits = g_strndup (text, length - 1);
  if (!g_ascii_string_to_unsigned (digits, 10, 0, MOST_AGO, &count, NULL))
    return FALSE;
  *when = now - (gint64) count * seconds[(guchar) text[length - 1]];
  return TRUE;
}

static gboolean
is_like (const char *text, const char *pattern)
{
  for (; *pattern != '\0'; pattern++, text++)
    if (*pattern == '9' ? !g_ascii_isdigit (*text) : *text != *pattern)
      return FALSE;
  return *text == '\0';
}

static int
number_at (const char *text, gsize place, gsize digits)
{
  int number = 0;
  for (gsize i = place; i < place + digits; i++)
    number = number * 10 + g_ascii_digit_value (text[i]);
  return number;
}

static gboolean
make (int year, int month, int day, int hour, int minute, gint64 *when)
{
  g_autoptr (GDateTime) moment
    = g_date_time_new_local (year, month, day, hour, minute, 0);
  if (moment != NULL)
    *when = g_date_time_to_unix (moment);
  return moment != NULL;
}

static gboolean
parse_date (const char *text, gsize time, gint64 *when)
{
  return make (number_at (text, 0, 4), number_at (text, 5, 2), number_at (text, 8, 2),
               time > 0 ? number_at (text, time, 2) : 0,
               time > 0 ? number_at (text, time + 3, 2) : 0, when);
}

static gboolean
parse_today (const char *text, gint64 now, gint64 *when)
{
  g_autoptr (GDateTime) today = g_date_time_new_from_unix_local (now);
  return make (g_date_time_get_year (today), g_date_time_get_month (today),
               g_date_time_get_day_of_month (today), number_at (text, 0, 2),
               number_at (text, 3, 2), when);
}

gboolean
est_moment_parse (const char *text, gint64 now, gint64 *when)
{
  if (is_like (text, "9999-99-99"))
    return parse_date (text, 0, when);
  if (is_like (text, "9999-99-99 99:99") || is_like (text, "9999-99-99T99:99"))
    return parse_date (text, 11, when);
  if (is_like (text, "99:99"))
    return parse_today (text, now, when);
  return parse_ago (text, now, when);
}
