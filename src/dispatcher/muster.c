/* The arithmetic of connections. */
#include "dispatcher/muster.h"

guint
est_muster_room (const EstMuster *muster)
{
  return MIN (MAX (muster->limit, muster->parcels + 1), muster->cap);
}

guint64
est_muster_reach (const EstMuster *muster)
{
  guint connections = MIN (muster->limit, muster->cap);
  guint for_parcels = MAX (connections, 2) - 1;
  return muster->parcels < for_parcels ? G_MAXUINT64 : EST_LETTER;
}

guint
est_muster_enough (const EstMuster *muster)
{
  return muster->hands - muster->parcels + 1;
}

gboolean
est_muster_wants_another (const EstMuster *muster, guint backlog)
{
  if (backlog < est_muster_enough (muster) || muster->hands >= est_muster_room (muster))
    return FALSE;
  return muster->hands == 0 || muster->calling == 0;
}
