/* One message and one relay: content out of the outbox, verdicts back into it. */
#pragma once

#include "account/settings.h"
#include "outbox/outbox.h"
#include "relay/relay.h"

typedef struct
{
  EstOutbox *outbox;
  const EstDeliverySettings *limits;
  GCancellable *cancellable;

  /* Called with TRUE when the message may arrive from now on, with FALSE when its outcome
     is noted: in between the program should not end if it can help it. */
  void (*in_doubt) (gpointer data, gboolean in_doubt);

  /* Called once if what the relay said cannot be noted now; it is tried on. */
  void (*stuck) (gpointer data, const GError *error);
  gpointer data;
} EstDelivery;

/* Hands the claimed @entry over, records what that came to and ends the claim. If it was
   cancelled before anything came of it the message is given back as it was. */
EstOutcome *
est_delivery_run (const EstDelivery *delivery, EstRelay *relay, const EstEntry *entry);

/* A random wait after @tries attempts in vain, in microseconds. */
gint64 est_delivery_delay (const EstDeliverySettings *limits, guint tries);
