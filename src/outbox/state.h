/* The states of a message and the ways between them: one table, nothing else decides. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_STATE_WAITING, /* some recipient pending; next event: not_before, or a pause ends */
  EST_STATE_SENDING, /* a worker has it; in the store: content may have arrived */
  EST_STATE_SENT,    /* every recipient accepted: content dropped, journal kept */
  EST_STATE_FAILED,  /* none pending, one or more refused; the person decides */
  EST_STATE_UNCERTAIN, /* content may have arrived, no answer; passed through at once */
  EST_STATE_HELD,      /* only the person can decide; the reason says what */
  EST_STATE_DISCARDED, /* given up by the person */
} EstState;
#define EST_N_STATES (EST_STATE_DISCARDED + 1)

/* For sets of states. */
#define EST_STATE_BIT(state) (1U << (state))

const char *est_state_nick (EstState state); /* "waiting" ... */

/* Who has to do something next. */
typedef enum
{
  EST_OWNER_DISPATCHER, /* tries when it is due; a pause in the way ends by an event */
  EST_OWNER_WORKER,     /* ends with an outcome; after a crash, the next start has it */
  EST_OWNER_PERSON,     /* has been asked */
  EST_OWNER_NOBODY,     /* it is over */
} EstOwner;

EstOwner est_state_owner (EstState state);

/* Whether a message may go from one state to the other. */
gboolean est_state_may_become (EstState from, EstState to);

/* The same for message @id; what the table does not allow is refused
   (EST_OUTBOX_ERROR_NOT_POSSIBLE, "12 sent") and logged. */
gboolean est_state_check (gint64 id, EstState from, EstState to, GError **error);

/* The state after an attempt, from how many recipients are doubtful, pending and
   failed. */
EstState est_state_after_attempt (guint doubtful, guint pending, guint failed);

/* Where an uncertain message goes: the first doubt is answered by sending once more with
   the same Message-ID, any further one by asking the person. */
EstState est_state_after_doubt (guint doubts_before);
