/* Adds up spells. */
#include "dispatcher/stint.h"

EstStint
est_stint_begin (gint64 counted)
{
  return (EstStint){.counted = MAX (counted, 1)};
}

gint64
est_stint_time (const EstStint *stint, gint64 now)
{
  return stint->counted + (stint->since != 0 ? MAX (now - stint->since, 0) : 0);
}

void
est_stint_set (EstStint *stint, gboolean runs, gint64 now)
{
  stint->counted = est_stint_time (stint, now);
  stint->since = runs ? MAX (now, 1) : 0;
}
