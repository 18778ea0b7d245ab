/* Answers that mean "not so much, not so fast": many providers code them as a final
   refusal of the message, although tomorrow it would be taken. Told by enhanced code and
   words. */
#pragma once

#include "mail/reply.h"
#include "outcome/reason.h"

/* LIMIT or BUSY, and SUSPENDED if the provider has stopped the account: the account
   rests, the message is not to blame. NONE: it is no such answer. */
EstReason est_limit_text_judge (const EstReply *reply);
