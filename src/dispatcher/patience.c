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
