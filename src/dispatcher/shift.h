/* What a worker's thread does from its beginning to its end, and what it has at hand for
   that. The parts of it: shift.c the work, claim.c the next message, plight.c what
   trouble means for the account. Internal to dispatcher/. */
#pragma once

#include "dispatcher/delivery.h"
#include "dispatcher/hand.h"
#include "dispatcher/messenger.h"
#include "dispatcher/reins.h"
#include "dispatcher/worker.h"

typedef struct
{
  EstErrand errand; /* its pause is NULL: see below */
  EstWorkerListener listener;
  EstReins reins;
  EstHand *hand;
  EstMessenger *messenger;
  EstDelivery delivery;
  EstPause *pause; /* what the account is left with; NULL: it can send */
} EstShift;

/* The thread: from the first claim to the last farewell. */
void est_shift_work (EstShift *shift);

/* The message that goes next, or NULL: none is due that this worker may take, or there is
   trouble with the store. */
EstEntry *est_shift_claim (EstShift *shift);

/* Of a message that was claimed nothing came. @entry is taken over. */
void est_shift_give_back (EstShift *shift, EstEntry *entry);

/* The conversation met trouble. It is the account's, which is paused for it; or only this
   connection's, where another one works. */
void est_shift_pause (EstShift *shift,
                      EstReason reason,
                      const char *detail,
                      const EstTrouble *trouble);

/* The account's budget is used up, until a time that is known to the second. */
void est_shift_wait (EstShift *shift, const EstWait *wait);

/* The relay has answered about a message: if there was a pause, it is over. */
void est_shift_end_pause (EstShift *shift);
