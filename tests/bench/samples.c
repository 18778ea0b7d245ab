/* A list under a lock: thousands a second are no load for it. */
#include "samples.h"

#include <time.h>

static GMutex mutex;
static GArray *samples;

gint64
samples_now (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (gint64) t.tv_sec * 1000000000 + t.tv_nsec;
}

void
samples_add (gint64 nanoseconds)
{
  g_mutex_lock (&mutex);
  if (samples == NULL)
    samples = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (samples, nanoseconds);
  g_mutex_unlock (&mutex);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

static double
quantile (double part)
{
  if (samples == NULL || samples->len == 0)
    return 0;
  guint place = (guint) (part * (samples->len - 1));
  return (double) g_array_index (samples, gint64, place) / 1000;
}

void
samples_print (guint64 count, gint64 nanoseconds)
{
  double seconds = (double) MAX (nanoseconds, 1) / 1e9;
  if (samples != NULL)
    g_array_sort (samples, compare);
  g_print ("{\"messages\": %" G_GUINT64_FORMAT ", \"seconds\": %.6f, \"rate\": %.1f,"
           " \"median_us\": %.1f, \"p95_us\": %.1f}\n",
           count, seconds, (double) count / seconds, quantile (0.5), quantile (0.95));
}
