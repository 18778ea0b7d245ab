/* Why mail waits or failed, and what a person can do about it. Plain text in the person's
   language; what strangers wrote is made harmless here. */
#pragma once

#include "outcome/reason.h"

/* One sentence with its full stop, and a second one where @figures have something to add;
   new string. @account: the name of the account, NULL to leave it out; @figures: see
   EstOutcome, may be NULL; @reply: the relay's words, NULL if there are none. */
char *est_wording_reason (EstReason reason,
                          const char *account,
                          const char *figures,
                          const char *reply);

/* What the person can do; new string. NULL if it mends itself. */
char *est_wording_remedy (EstReason reason, const char *account);
