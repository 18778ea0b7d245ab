/* Durations, and what is told of them. Any thread may add. */
#pragma once

#include <glib.h>

/* Nanoseconds of CLOCK_MONOTONIC, the same for all programs of this machine. */
gint64 samples_now (void);

void samples_add (gint64 nanoseconds);

/* One line of JSON: how many, how long all of it took, how many a second, and the middle
   and the 95th of a hundred in microseconds. */
void samples_print (guint64 count, gint64 nanoseconds);
