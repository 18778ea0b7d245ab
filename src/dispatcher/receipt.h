/* The books of one delivery. Internal to dispatcher/. */
#pragma once

#include "dispatcher/delivery.h"

/* Begins to store what handing @entry over came to; @numbers says which of its recipients
   each verdict is about. Takes over all three. @marked: the message may have arrived. */
EstReceipt *est_receipt_begin (const EstDelivery *delivery,
                               EstEntry *entry,
                               EstOutcome *outcome,
                               guint *numbers,
                               gboolean marked);

/* Gives the message back instead, as if nothing had been. */
EstReceipt *
est_receipt_void (const EstDelivery *delivery, EstEntry *entry, EstOutcome *outcome);
