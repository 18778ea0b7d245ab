/* The figures of patience. */
#include "dispatcher/patience.h"

#define JITTER 0.25

gint64
est_patience_delay (guint tries, guint first_seconds, guint longest_seconds, double dice)
{
  guint64 seconds = (guint64) first_seconds << MIN (tries, 30);
  double capped = (double) MIN (seconds, longest_seconds);
  double factor = 1.0 - JITTER + 2.0 * JITTER * dice;
  return (gint64) (capped * factor * G_USEC_PER_SEC);
}

gboolean
est_patience_is_over (gint64 first_answer, gint64 now, guint limit_seconds)
{
  return first_answer != 0
         && now - first_answer >= (gint64) limit_seconds * G_USEC_PER_SEC;
}

gint64
est_patience_bound (gint64 due, gint64 now, guint longest_seconds)
{
  gint64 longest = (gint64) (longest_seconds * (1.0 + JITTER) * G_USEC_PER_SEC);
  return due == G_MAXINT64 ? due : MIN (due, now + longest);
}
