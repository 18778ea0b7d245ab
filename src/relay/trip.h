/* What every step on the way to a relay needs. Internal to relay/. */
#pragma once

#include "account/account.h"
#include "account/limit.h"
#include "outcome/relay-error.h"

#include <gio/gio.h>

typedef struct
{
  const EstAccount *account;
  EstLimit *limit;           /* for all of it together */
  GCancellable *cancellable; /* of the limit */
} EstTrip;

/* What @cause, of GIO, says; for the journal. */
const char *est_trip_say (const EstTrip *trip, const GError *cause);

/* As est_look_up(). EST_RELAY_ERROR: OFFLINE, or @reason where there is a network. */
GPtrArray *est_trip_look_up (const EstTrip *trip,
                             const char *host,
                             EstReason reason,
                             GError **error);
