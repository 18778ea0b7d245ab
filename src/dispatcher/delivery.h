/* One message and one relay: content out of the outbox, verdicts back into it. The
   outcome is stored while the next message travels already: its mark and this outcome
   share a flush, and no further last octet leaves before the outcome is safe. */
#pragma once

#include "account/settings.h"
#include "dispatcher/stint.h"
#include "outbox/outbox.h"
#include "relay/relay.h"

typedef struct
{
  EstOutbox *outbox;
  const EstAccount *account;
  const EstDeliverySettings *limits;
  const EstStint *stint; /* the account's own clock */
  GCancellable *cancellable;

  /* Called with TRUE when a message may arrive from now on, with FALSE when its outcome
     is noted: in between the program should not end if it can help it. */
  void (*in_doubt) (gpointer data, gboolean in_doubt);

  /* Called once per outcome if what the relay said cannot be noted now; it is tried on.
   */
  void (*stuck) (gpointer data, const GError *error);

  /* Waits before the next try; FALSE if the program ends meanwhile. */
  gboolean (*rest) (gpointer data, guint milliseconds);
  gpointer data;
} EstDelivery;

/* An outcome on its way into the outbox. */
typedef struct EstReceipt EstReceipt;

/* Hands the claimed @entry (taken over) to the relay and begins to store what that came
   to. @earlier, the receipt of the message before or NULL, is finished on the way. If the
   message was called back, or the delivery cancelled before anything came of it, it is
   given back as it was; likewise if the relay turns out to be stale. */
EstReceipt *est_delivery_run (const EstDelivery *delivery,
                              EstRelay *relay,
                              EstEntry *entry,
                              EstReceipt *earlier);

/* What it came to; borrowed. */
const EstOutcome *est_receipt_outcome (const EstReceipt *receipt);

/* Whether the message was given back as it was: the outcome says nothing about relay and
   account. */
gboolean est_receipt_is_void (const EstReceipt *receipt);

/* Waits until the outcome is stored and ends the claim; tried for as long as the program
   runs. NULL is fine. */
void est_receipt_finish (EstReceipt *receipt);

/* A random wait after @tries attempts in vain, in microseconds. */
gint64 est_delivery_delay (const EstDeliverySettings *limits, guint tries);
