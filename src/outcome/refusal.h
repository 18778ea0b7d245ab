/* What a relay's answer means, by where in the conversation it came. One table. */
#pragma once

#include "mail/reply.h"
#include "outcome/reason.h"
#include "outcome/stage.h"

/* NONE for a 2xx (or 3xx at AUTH and DATA); else why not. 421 is BUSY at any stage; 530,
   534, 535 and 538 (RFC 4954 6) are SIGN_IN at any stage from AUTH on; what speaks of the
   provider's limits is LIMIT or BUSY, however it is coded. PROTOCOL, and UNCERTAIN after
   the content: this answers another question, both sides are out of step. */
EstReason est_refusal_judge (EstStage stage, const EstReply *reply);

/* Whether a refused RCPT may mean "not so many at once": of the recipients behind others
   that were taken (RFC 5321 4.5.3.1.10). */
gboolean est_refusal_is_too_many (const EstReply *reply);

/* What we say ourselves of mail that had to be there by now (RFC 2852 4.1). */
EstReply *est_refusal_late (void);
