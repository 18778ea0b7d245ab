/* Reads the kernel's clocks; the wall clock can be held still for tests. */
#include "base/clock.h"

#include <time.h>

static gint64 frozen;

static gint64
read_clock (clockid_t clock)
{
  struct timespec t;
  clock_gettime (clock, &t);
  return (gint64) t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

gint64
est_clock_now (void)
{
  gint64 now = __atomic_load_n (&frozen, __ATOMIC_RELAXED);
  return now != 0 ? now : read_clock (CLOCK_REALTIME);
}

gint64
est_clock_steady (void)
{
  return read_clock (CLOCK_BOOTTIME);
}

void
est_clock_freeze (gint64 now)
{
  __atomic_store_n (&frozen, now, __ATOMIC_RELAXED);
}
