/* Times, spans and sizes as people say them. */
#pragma once

#include <glib.h>

/* All times are seconds since 1970-01-01 UTC, shown in the local zone; new strings. */

/* Short, as seen from @now: "14:05" today, "yesterday 14:05", "2026-11-23 14:05". */
char *est_wording_when (gint64 when, gint64 now);

/* Exact, for a delivery note: "2026-11-23 14:05:11 +0100". */
char *est_wording_stamp (gint64 when);

/* "3 minutes": the largest unit that fits, rounded to the nearest; at least "1
   second". */
char *est_wording_span (gint64 seconds);

/* "12.3 kB" */
char *est_wording_size (guint64 octets);
