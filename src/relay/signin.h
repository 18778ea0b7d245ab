/* AUTH (RFC 4954). Internal to relay/. */
#pragma once

#include "relay/talk.h"

/* Nothing to do for an account with auth=none. Otherwise the mechanism is chosen before
   the password is looked up. */
gboolean est_sign_in (EstRelay *relay,
                      EstAccount *account,
                      EstCredentials *credentials,
                      GError **error);
