/* What the relays of this run's accounts were heard to offer, so that a program can be
   told at once what its mail would be refused for later. In memory only: a relay nobody
   spoke to yet, or not for a day, is a stranger. Any thread. */
#pragma once

#include "account/account.h"
#include "mail/options.h"

/* @offered: in its last EHLO of a conversation, over the account's way there. */
void est_acquaintance_note (const EstAccount *account, EstExtensions offered);

/* Whether the relay is known and did not offer @extension. Another host, port or
   encryption in the settings is another relay. */
gboolean est_acquaintance_lacks (const EstAccount *account, EstExtensions extension);
