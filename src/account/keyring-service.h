/* The connection to the Secret Service: one session with whoever owns the name now. */
#pragma once

#include <libsecret/secret.h>

typedef struct EstKeyringService EstKeyringService;

EstKeyringService *est_keyring_service_new (void);
void est_keyring_service_free (EstKeyringService *self);

/* New reference. Any thread; blocks; errors are those of GIO and libsecret. */
SecretService *est_keyring_service_get (EstKeyringService *self,
                                        GCancellable *cancellable,
                                        GError **error);
