/* One deadline, and the look-up that obeys it. */
#include "relay/trip.h"

#include "relay/lookup.h"

const char *
est_trip_say (const EstTrip *trip, const GError *cause)
{
  gboolean late = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                  && est_limit_has_passed (trip->limit);
  return late ? "no answer in time" : cause->message;
}

GPtrArray *
est_trip_look_up (const EstTrip *trip, const char *host, EstReason reason, GError **error)
{
  g_autoptr (GError) cause = NULL;
  GPtrArray *addresses = est_look_up (host, trip->cancellable, &cause);
  if (addresses == NULL)
    g_set_error (error, EST_RELAY_ERROR,
                 (int) (est_is_online () ? reason : EST_REASON_OFFLINE),
                 "looking up %s: %s", host, est_trip_say (trip, cause));
  return addresses;
}
