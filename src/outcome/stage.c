/* The names of stages. */
#include "outcome/stage.h"

static const char *const nicks[EST_N_STAGES] = {
  [EST_STAGE_GREETING] = "greeting", [EST_STAGE_EHLO] = "ehlo",
  [EST_STAGE_STARTTLS] = "starttls", [EST_STAGE_AUTH] = "auth",
  [EST_STAGE_MAIL] = "mail",         [EST_STAGE_RCPT] = "rcpt",
  [EST_STAGE_DATA] = "data",         [EST_STAGE_FINAL] = "final",
  [EST_STAGE_CHUNK] = "chunk",       [EST_STAGE_RSET] = "rset",
};

const char *
est_stage_nick (EstStage stage)
{
  return nicks[stage];
}
