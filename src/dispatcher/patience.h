/* When next, and when to give up: pure functions. Times in microseconds. */
#pragma once

#include <glib.h>

/* How long to wait after @tries attempts that came to nothing: @first_seconds, doubled
   each time, at most @longest_seconds, and up to a quarter more or less by @dice in [0,
   1), so that many machines that lost the same relay do not all come back at once. */
gint64
est_patience_delay (guint tries, guint first_seconds, guint longest_seconds, double dice);

/* Whether the relay has put a message off for too long, counted from its first temporary
   answer; 0 means it has not answered yet: then nothing is ever over. */
gboolean est_patience_is_over (gint64 first_answer, gint64 now, guint limit_seconds);

/* @due if it can have come from est_patience_delay() before @now, else the longest such
   time: the clock was set back since, and nobody waits for the old future. G_MAXINT64
   (never by time) stays. */
gint64 est_patience_bound (gint64 due, gint64 now, guint longest_seconds);
