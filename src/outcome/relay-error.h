/* The error domain of a conversation with the provider: the code is the EstReason, the
   message its detail in English (for the journal; wording makes the sentence for
   people). */
#pragma once

#include "outcome/reason.h"

#define EST_RELAY_ERROR (est_relay_error_quark ())
GQuark est_relay_error_quark (void);
