/* Asks before something is done that cannot be undone. */
#pragma once

#include "cli/verb.h"
#include "interface/interface.h"

/* Shows the first messages that @ids or, if these are none, @filter mean and that can be
   discarded, says how many they are, and asks on the terminal. EST_EXIT_OK: go on. */
EstExit est_confirm_discard (EstBusOutbox1 *outbox, GVariant *ids, GVariant *filter);

/* Asks only whether so many messages are to be discarded. */
gboolean est_confirm_discard_count (guint count);

/* Asks @question, which ends in a blank, on the terminal; TRUE: the answer begins as
   "yes" does, in English or in the person's language. */
gboolean est_confirm_ask (const char *question);
