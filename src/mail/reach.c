/* Two bounds at once. */
#include "mail/reach.h"

gboolean
est_reach_covers (const EstReach *reach, gint64 wanted, gint64 now)
{
  return reach->longest > 0 && wanted - now <= reach->longest && wanted <= reach->latest;
}

gint64
est_reach_due (const EstReach *reach, gint64 wanted, gint64 now)
{
  if (reach->longest <= 0)
    return wanted;
  if (est_reach_covers (reach, wanted, now))
    return 0;
  gint64 near = MAX (wanted - reach->longest, now);
  return MIN (wanted, wanted <= reach->latest ? near : MAX (near, reach->renewed));
}
