/* The figures of patience. */
#include "dispatcher/patience.h"

#define JITTER   0.25
#define OLD_DAYS 14

gint64
est_patience_delay (guint tries, guint first_seconds, guint longest_seconds, double dice)
{
  guint64 seconds = (guint64) first_seconds << MIN (tries, 30);
  double capped = (double) MIN (seconds, longest_seconds);
  double factor = 1.0 - JITTER + 2.0 * JITTER * dice;
  return (gint64) (capped * factor * G_USEC_PER_SEC);
}

gint64
est_patience_put_off (gint64 first_answer, gint64 lane_time)
{
  return first_answer != 0 ? MAX (lane_time - first_answer, 0) : 0;
}

gboolean
est_patience_is_over (gint64 put_off, guint limit_seconds)
{
  return put_off > 0 && put_off >= (gint64) limit_seconds * G_USEC_PER_SEC;
}

gint64
est_patience_old (gint64 now)
{
  return now - OLD_DAYS * G_TIME_SPAN_DAY;
}

gint64
est_patience_latest (gint64 now, guint longest_seconds)
{
  return now + (gint64) (longest_seconds * (1.0 + JITTER) * G_USEC_PER_SEC);
}

gint64
est_patience_bound (gint64 due, gint64 now, guint longest_seconds)
{
  return due == G_MAXINT64 ? due : MIN (due, est_patience_latest (now, longest_seconds));
}
