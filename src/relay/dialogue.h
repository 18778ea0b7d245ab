/* One exchange of AUTH, from the command to the last answer. Internal to relay/. */
#pragma once

#include "relay/talk.h"
#include "wire/sasl.h"

/* The initial response goes with the command where the line stays within 12,288 octets; a
   server that answers 500 or 501 to one of more than 512 gets it in a line of its own.
   EST_RELAY_ERROR: what the relay refused with; IMPOSTOR if it said yes before it had
   proved what @mechanism wants proved; PROTOCOL for more than 8 challenges. What the
   relay quotes of what it was told is masked, but for @user (may be NULL). */
gboolean est_dialogue_run (EstRelay *relay,
                           EstSasl *sasl,
                           const char *mechanism,
                           const char *user,
                           GError **error);
