/* The state table of a message. */
#include "outbox/state.h"

#include "outbox/outbox-error.h"

typedef struct
{
  const char *nick;
  EstOwner owner;
  guint next; /* TO()s */
} Nature;

#define TO(state) EST_STATE_BIT (EST_STATE_##state)

static const Nature natures[EST_N_STATES] = {
  [EST_STATE_WAITING] = {"waiting",   EST_OWNER_DISPATCHER,
                         TO (SENDING) | TO (FAILED) | TO (HELD) | TO (DISCARDED)                                   },
  [EST_STATE_SENDING]
  = {"sending",   EST_OWNER_WORKER,
                         TO (SENT) | TO (WAITING) | TO (FAILED) | TO (UNCERTAIN) | TO (HELD)                       },
  [EST_STATE_SENT] = {"sent",      EST_OWNER_NOBODY,     0                                                      },
  [EST_STATE_FAILED] = {"failed",    EST_OWNER_PERSON,     TO (WAITING) | TO (DISCARDED)                          },
  [EST_STATE_UNCERTAIN]
  = {"uncertain", EST_OWNER_DISPATCHER, TO (WAITING) | TO (HELD) | TO (DISCARDED)              },
  [EST_STATE_HELD]
  = {"held",      EST_OWNER_PERSON,     TO (WAITING) | TO (SENT) | TO (FAILED) | TO (DISCARDED)},
  [EST_STATE_DISCARDED] = {"discarded", EST_OWNER_NOBODY,     0                                                      },
};

const char *
est_state_nick (EstState state)
{
  return natures[state].nick;
}

EstOwner
est_state_owner (EstState state)
{
  return natures[state].owner;
}

gboolean
est_state_may_become (EstState from, EstState to)
{
  return (natures[from].next & EST_STATE_BIT (to)) != 0;
}

gboolean
est_state_check (gint64 id, EstState from, EstState to, GError **error)
{
  if (est_state_may_become (from, to))
    return TRUE;
  g_message ("refused: message %" G_GINT64_FORMAT " is %s and cannot become %s", id,
             est_state_nick (from), est_state_nick (to));
  g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NOT_POSSIBLE,
               "%" G_GINT64_FORMAT " %s", id, est_state_nick (from));
  return FALSE;
}

EstState
est_state_after_attempt (guint doubtful, guint pending, guint failed)
{
  if (doubtful > 0)
    return EST_STATE_UNCERTAIN;
  if (pending > 0)
    return EST_STATE_WAITING;
  return failed > 0 ? EST_STATE_FAILED : EST_STATE_SENT;
}

EstState
est_state_after_doubt (guint doubts_before)
{
  return doubts_before == 0 ? EST_STATE_WAITING : EST_STATE_HELD;
}
