/* One absolute point in time by which a step must be done, on the clock that counts
   through suspend. A peer that drips octets cannot move it. */
#pragma once

#include <glib.h>

typedef gint64 EstDeadline; /* microseconds of est_clock_steady() */

EstDeadline est_deadline_in (gint64 milliseconds);

/* Microseconds left; 0 when it has passed. */
gint64 est_deadline_left (EstDeadline deadline);
