/* Which messages are meant: by their numbers, or by what they are like. A plain value;
   everything in it is borrowed. */
#pragma once

#include "outbox/state.h"
#include "outcome/reason.h"

typedef struct
{
  const gint64 *ids; /* n_ids > 0: exactly these, and nothing below counts */
  gsize n_ids;
  guint states;        /* EST_STATE_BIT()s; 0: any */
  const char *account; /* NULL: any */
  EstReason reason;    /* NONE: any */
  const char *program; /* that handed them in; NULL: any */
  gint64 since, until; /* created from, and before; microseconds; 0: no bound */
  const char *text; /* in sender, recipients, subject or Message-ID; NULL: whatever they
                       hold */
} EstSelection;
