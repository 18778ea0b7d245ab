/* Whom a refusal is about that came as the answer to RCPT. Many servers put off what they
   think of the sender, or of who signed in, until they hear of a recipient. */
#pragma once

#include "mail/reply.h"
#include "outcome/reason.h"

/* EST_SCOPE_RECIPIENT, or _MESSAGE: the sender's address may not be used, or _ACCOUNT:
   for somebody who has not signed in nothing is passed on. */
EstScope est_blame (const EstReply *reply);
