/* When next, when to give up, when to ask: pure functions. Times in microseconds. */
#pragma once

#include <glib.h>

/* How long to wait after @tries attempts that came to nothing: @first_seconds, doubled
   each time, at most @longest_seconds, and up to a quarter more or less by @dice in [0,
   1), so that many machines that lost the same relay do not all come back at once. */
gint64
est_patience_delay (guint tries, guint first_seconds, guint longest_seconds, double dice);

/* How long the relay has put a message off when its account's own clock shows @lane_time:
   since its first temporary answer, at @first_answer on that clock; 0: there was none. */
gint64 est_patience_put_off (gint64 first_answer, gint64 lane_time);

/* Whether that is too long. Never for what was not put off at all. */
gboolean est_patience_is_over (gint64 put_off, guint limit_seconds);

/* Mail that was wanted before this time, and that no relay has seen yet, does not go by
   surprise: its person is asked first. */
gint64 est_patience_old (gint64 now);

/* The latest time a retry can be due that was planned before @now. Later ones come from a
   clock that was set back since. */
gint64 est_patience_latest (gint64 now, guint longest_seconds);

/* @due, but nobody waits beyond est_patience_latest(). G_MAXINT64 (never by time) stays.
 */
gint64 est_patience_bound (gint64 due, gint64 now, guint longest_seconds);
