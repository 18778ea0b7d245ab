/* The seal on an envelope: a sum over what decides where a message goes. SQLite would
   hand out a flipped bit in an address without a word, and somebody else would get the
   mail. */
#pragma once

#include "outbox/entry.h"

/* Of SHA-256, over account, sender, body, size, Message-ID and every recipient in order.
 */
GBytes *est_seal_of (const EstEntry *entry);

/* Whether the entry is as it was sealed. One without a seal has left or was discarded. */
gboolean est_seal_is_whole (const EstEntry *entry);

/* Seals the message as it stands now: after a change that was meant. */
gboolean est_seal_set (EstDatabase *database, gint64 id, GError **error);

/* Every message that can still be sent. */
gboolean est_seal_all (EstDatabase *database, GError **error);
