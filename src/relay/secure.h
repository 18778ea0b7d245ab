/* TLS with the relay, and whether it still protects mail as well as it once did. Internal
   to relay/. */
#pragma once

#include "account/strength.h"
#include "relay/talk.h"

/* Begins to look for TLSA records, where the account wants them and is connected to
   directly: no proxy is gone round with the server's name. */
void est_secure_ask (EstRelay *relay, const EstAccount *account);

/* Shakes hands and verifies the certificate: by the account's authorities and, besides,
   its pins. A relay that is local by its very name may show a certificate of its own;
   that counts only by a pin, and without one it is UNCONFIRMED. What is wrong becomes the
   reason and the figures. */
gboolean est_secure (EstRelay *relay, EstAccount *account, GError **error);

/* Whether @now is no fall from what the account once had; before anything secret goes out
   that depends on it. EST_REASON_WEAKER and its figures. */
gboolean est_secure_stays (EstRelay *relay,
                           EstAccount *account,
                           EstStrengthKind kind,
                           const char *now,
                           GError **error);

/* Remembers what this conversation has, once the relay let us in. */
void est_secure_note (EstRelay *relay, EstAccount *account);
