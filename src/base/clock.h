/* The two clocks everything else reads: what the wall says, which may jump, and what has
   really passed, which counts through suspend and never goes back. */
#pragma once

#include <glib.h>

/* Microseconds since 1970-01-01 UTC. Any thread. */
gint64 est_clock_now (void);

/* Microseconds of CLOCK_BOOTTIME: for deadlines and durations. Any thread. */
gint64 est_clock_steady (void);

/* Tests only: the wall clock stands still at @now; 0 lets it run again. */
void est_clock_freeze (gint64 now);
