/* Whether an account works: its server is called and signed in to for real, and left
   again without any mail. Blocking, for a thread of its own: no mail waits behind it, and
   no pause comes of it. */
#pragma once

#include "relay/relay.h"

typedef struct
{
  EstStep step;     /* DONE, or where it ended */
  EstReason reason; /* NONE: all is well */
  char *detail;     /* English, for the journal; NULL */
  EstTrouble trouble;
  EstRoute route;     /* of a good one */
  guint64 size_limit; /* octets of a message that the server takes; 0: it does not say */
} EstTrial;

/* G_IO_ERROR_CANCELLED is the only error: whatever else happens is the result. */
gboolean est_trial_run (EstTrial *trial,
                        EstAccount *account,
                        const EstDeliverySettings *limits,
                        EstCredentials *credentials,
                        const EstStepListener *listener,
                        GCancellable *cancellable,
                        GError **error);

void est_trial_clear (EstTrial *trial);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstTrial, est_trial_clear)
