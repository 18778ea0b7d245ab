/* How long the relays of this run's accounts were heard to keep mail for later (RFC
   4865). In memory only: a relay nobody spoke to yet, or not for a day, is a stranger,
   and worth a call. Any thread. */
#pragma once

#include "account/account.h"
#include "mail/capabilities.h"
#include "mail/reach.h"

/* @offered: in its last EHLO of a conversation. */
void est_hold_note (const EstAccount *account, const EstCapabilities *offered);

/* How far ahead mail of the account may be handed over: not at all unless its settings
   say so; of a stranger as far as one likes. */
EstReach est_hold_reach (const EstAccount *account);
