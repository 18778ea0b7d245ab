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

/* One worker's place in the crew, from its beginning to its end. */
typedef struct EstHand EstHand;

EstHand *est_hand_new (EstCrew *crew);
void est_hand_free (EstHand *hand);

/* Wakes it where it waits. */
void est_hand_ring (EstHand *hand);

/* To wait for: readable when it was called, sent home or rung for. */
int est_hand_bell (EstHand *hand);

/* Only one of a crew claims at a time. What est_hand_begin_claim() returns is how large a
   message may be; 0: none, for it is not needed any more. Then est_hand_end_claim() with
   the size of what it has now; 0: nothing. */
guint64 est_hand_begin_claim (EstHand *hand);
void est_hand_end_claim (EstHand *hand, guint64 size);

/* The message is delivered, or given back. */
void est_hand_put_down (EstHand *hand);

/* Whether the relay has let it in. */
void est_hand_set_let_in (EstHand *hand, gboolean let_in);

/* Its connection did not come about, or broke down. TRUE: others have one and go on, and
   for a while no more than those are opened; FALSE: it is the last. */
gboolean est_hand_resign (EstHand *hand);

/* It waits for a call from now on; FALSE: it is not needed any more. */
gboolean est_hand_sit_down (EstHand *hand);

/* It waits no longer. */
void est_hand_get_up (EstHand *hand);
