/* Times, spans and sizes. */
#include "wording/figure.h"

#include <glib/gi18n.h>

/* Whole days from the day of @from to the day of @to, by the calendar: days with a change
   of the clocks have 23 or 25 hours. */
static int
days_between (GDateTime *from, GDateTime *to)
{
  GDate a, b;
  g_date_set_dmy (&a, (GDateDay) g_date_time_get_day_of_month (from),
                  (GDateMonth) g_date_time_get_month (from),
                  (GDateYear) g_date_time_get_year (from));
  g_date_set_dmy (&b, (GDateDay) g_date_time_get_day_of_month (to),
                  (GDateMonth) g_date_time_get_month (to),
                  (GDateYear) g_date_time_get_year (to));
  return g_date_days_between (&a, &b);
}

/* A time no calendar has can only come from a damaged store; it is shown as its
   number. */
static char *
format (GDateTime *time, const char *pattern, gint64 when)
{
  return time != NULL ? g_date_time_format (time, pattern)
                      : g_strdup_printf ("%" G_GINT64_FORMAT, when);
}

char *
est_wording_when (gint64 when, gint64 now)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (when);
  g_autoptr (GDateTime) today = g_date_time_new_from_unix_local (now);
  int days = time != NULL && today != NULL ? days_between (today, time) : G_MAXINT;
  g_autofree char *clock = format (time, "%H:%M", when);
  switch (days)
    {
    case 0:
      return g_steal_pointer (&clock);
    case -1:
      /* TRANSLATORS: %s is a time of day, "14:05" */
      return g_strdup_printf (_ ("yesterday %s"), clock);
    case 1:
      /* TRANSLATORS: %s is a time of day, "14:05" */
      return g_strdup_printf (_ ("tomorrow %s"), clock);
    default:
      return format (time, "%Y-%m-%d %H:%M", when);
    }
}

char *
est_wording_stamp (gint64 when)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (when);
  return format (time, "%Y-%m-%d %H:%M:%S %z", when);
}

char *
est_wording_span (gint64 seconds)
{
  guint64 n = (guint64) MAX (seconds, 1);
  if (n < 60)
    return g_strdup_printf (ngettext ("%u second", "%u seconds", n), (guint) n);
  n = (n + 30) / 60;
  if (n < 60)
    return g_strdup_printf (ngettext ("%u minute", "%u minutes", n), (guint) n);
  n = (n + 30) / 60;
  if (n < 48)
    return g_strdup_printf (ngettext ("%u hour", "%u hours", n), (guint) n);
  n = MIN ((n + 12) / 24, G_MAXUINT);
  return g_strdup_printf (ngettext ("%u day", "%u days", n), (guint) n);
}

char *
est_wording_size (guint64 octets)
{
  return g_format_size (octets);
}
