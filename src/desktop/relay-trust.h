/* What a person says about the relay of an account: that a key is right, or that less
   protection than before will do. Only what the daemon itself has met and asks about can
   be answered, so that no program on the bus can make it believe anything else. Any
   thread but the main loop's, for it waits for the disc. */
#pragma once

#include "account/accounts.h"
#include "outbox/outbox.h"

typedef enum
{
  EST_RELAY_TRUST_ERROR_NOT_ASKED, /* the account is not paused for that; the message is
                                      its name */
} EstRelayTrustError;

#define EST_RELAY_TRUST_ERROR (est_relay_trust_error_quark ())
GQuark est_relay_trust_error_quark (void);

/* @pin: of the key that the relay, which is on this machine, showed when the account was
   paused for it. It goes into the settings. */
gboolean est_relay_trust_pin (EstOutbox *outbox,
                              EstAccounts *accounts,
                              const char *name,
                              const char *pin,
                              GError **error);

/* Goes on with the fall of strength that the account is paused for, and no other. */
gboolean est_relay_trust_accept (EstOutbox *outbox,
                                 EstAccounts *accounts,
                                 const char *name,
                                 GError **error);
