/* What became of a message or a recipient, in a word. */
#pragma once

#include <glib.h>

/* @nick as D-Bus carries it: "waiting", "sending", "sent", "failed", "uncertain", "held",
   "discarded" of a message; "pending", "sent", "failed", "doubtful" of a recipient.
   Static; a nick of a later version comes back as it is. */
const char *est_wording_state (const char *nick);
