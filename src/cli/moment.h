/* Times as people type them. */
#pragma once

#include <glib.h>

/* "2026-11-24", "2026-11-24 14:05" (also with a "T"), "14:05" (today), or how long ago:
   "45m", "12h", "30d". In the local zone, as seen from @now. All in seconds since 1970;
   FALSE if it is none of these. */
gboolean est_moment_parse (const char *text, gint64 now, gint64 *when);
