/* Points in time on the steady clock. */
#include "wire/deadline.h"

#include "base/clock.h"

EstDeadline
est_deadline_in (gint64 milliseconds)
{
  return est_clock_steady () + milliseconds * 1000;
}

gint64
est_deadline_left (EstDeadline deadline)
{
  return MAX (0, deadline - est_clock_steady ());
}
