/* The state table of a message. */
#include "outbox/state.h"

static const char *const nicks[EST_N_STATES] = {
  [EST_STATE_WAITING] = "waiting",     [EST_STATE_SENDING] = "sending",
  [EST_STATE_SENT] = "sent",           [EST_STATE_FAILED] = "failed",
  [EST_STATE_UNCERTAIN] = "uncertain", [EST_STATE_HELD] = "held",
  [EST_STATE_DISCARDED] = "discarded",
};

#define TO(state) (1U << EST_STATE_##state)

static const guint edges[EST_N_STATES] = {
  [EST_STATE_WAITING] = TO (SENDING) | TO (HELD) | TO (DISCARDED),
  [EST_STATE_SENDING]
  = TO (SENT) | TO (WAITING) | TO (FAILED) | TO (UNCERTAIN) | TO (HELD),
  [EST_STATE_SENT] = 0,
  [EST_STATE_FAILED] = TO (WAITING) | TO (DISCARDED),
  [EST_STATE_UNCERTAIN] = TO (WAITING) | TO (HELD) | TO (DISCARDED),
  [EST_STATE_HELD] = TO (WAITING) | TO (SENT) | TO (DISCARDED),
  [EST_STATE_DISCARDED] = 0,
};

const char *
est_state_nick (EstState state)
{
  return nicks[state];
}

gboolean
est_state_may_become (EstState from, EstState to)
{
  return (edges[from] & (1U << to)) != 0;
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
