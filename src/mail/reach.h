/* How far ahead of its time mail can be handed to a relay that keeps it until then
   (FUTURERELEASE, RFC 4865). Times in microseconds since 1970. Pure. */
#pragma once

#include <glib.h>

typedef struct
{
  gint64 longest; /* microseconds it is kept at most; 0: not at all */
  gint64 latest;  /* the latest time it is kept until */
  gint64 renewed; /* when to ask again: @latest mostly moves with the clock */
} EstReach;

/* Whether what is wanted at that time can be handed over @now. */
gboolean est_reach_covers (const EstReach *reach, gint64 wanted, gint64 now);

/* When what is wanted at that time can be handed over, or the relay be asked; 0: at once;
   @wanted at the latest, and then there is no need. */
gint64 est_reach_due (const EstReach *reach, gint64 wanted, gint64 now);
