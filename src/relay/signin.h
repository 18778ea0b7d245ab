/* AUTH (RFC 4954). Internal to relay/. */
#pragma once

#include "relay/talk.h"

/* Nothing to do for an account with auth=none. Otherwise the mechanism is chosen before
   the secret is looked up, and no other is tried when that one is refused. A refused
   password or token is reported to @credentials; a refused token is asked for once more,
   and a fresh one tried once. */
gboolean est_sign_in (EstRelay *relay,
                      EstAccount *account,
                      EstCredentials *credentials,
                      GError **error);
