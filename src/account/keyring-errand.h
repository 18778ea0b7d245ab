/* Work at the keyring that whoever wants it can give up. libsecret waits for the dialog
   of a service even when it is called off, and not every service (KWallet) closes it: so
   the work is done in a thread of its own, which is left behind with it. Internal to the
   keyring. */
#pragma once

#include "account/credential.h"
#include "base/secret.h"

#include <gio/gio.h>

/* Belongs to the thread that works. */
typedef struct
{
  EstCredential what; /* copies */
  EstSecret *secret;  /* to be stored, or what was found; NULL */
} EstKeyringErrand;

typedef gboolean (*EstKeyringWork) (EstKeyringErrand *errand,
                                    GCancellable *cancellable,
                                    GError **error);

/* Blocks until @work has ended or @cancellable rings. @secret: to be stored; NULL. @found
   (NULL: not asked for) gets what the work left in its errand. */
gboolean est_keyring_errand_run (EstKeyringWork work,
                                 const EstCredential *what,
                                 EstSecret *secret,
                                 EstSecret **found,
                                 GCancellable *cancellable,
                                 GError **error);
