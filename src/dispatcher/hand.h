/* One worker's place in its crew, from its beginning to its end. Its thread reports here
   what it does; see crew.h for who is told. Thread-safe. */
#pragma once

#include "dispatcher/crew.h"

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
