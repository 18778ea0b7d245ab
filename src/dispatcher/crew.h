/* What the workers of one account must know of each other: who is there, who carries
   what, and whom to call when a message becomes due. Thread-safe. */
#pragma once

#include "dispatcher/muster.h"

typedef struct EstCrew EstCrew;

EstCrew *est_crew_new (void);
EstCrew *est_crew_ref (EstCrew *crew);
void est_crew_unref (EstCrew *crew);

/* How many connections the account may have from now on. */
void est_crew_set_limit (EstCrew *crew, guint limit);

EstMuster est_crew_muster (EstCrew *crew);

/* Calls up to @count of those who wait to claim, the longest there first. */
void est_crew_call (EstCrew *crew, guint count);

/* Those who wait are to close their connections instead of using them. */
void est_crew_send_home (EstCrew *crew);
