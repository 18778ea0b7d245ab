/* The names of steps, and which reason belongs to which. */
#include "outcome/step.h"

static const char *const nicks[EST_N_STEPS] = {
  [EST_STEP_SETTINGS] = "settings", [EST_STEP_LOOKUP] = "lookup",
  [EST_STEP_CONNECT] = "connect",   [EST_STEP_GREETING] = "greeting",
  [EST_STEP_EHLO] = "ehlo",         [EST_STEP_TLS] = "tls",
  [EST_STEP_SECRET] = "secret",     [EST_STEP_SIGN_IN] = "sign-in",
  [EST_STEP_DONE] = "done",
};

EstStep
est_step_of (EstStep reached, EstReason reason)
{
  switch (reason)
    {
    case EST_REASON_SETTINGS:
      return EST_STEP_SETTINGS;
    case EST_REASON_NAME_LOOKUP:
      return EST_STEP_LOOKUP;
    case EST_REASON_LOOP:
      return EST_STEP_CONNECT;
    case EST_REASON_SECRET_MISSING:
    case EST_REASON_SECRET_LOCKED:
    case EST_REASON_NO_KEYRING:
    case EST_REASON_COMMAND:
    case EST_REASON_ONLINE_ACCOUNTS:
    case EST_REASON_CREDENTIAL:
    case EST_REASON_SIGNED_OUT:
    case EST_REASON_TOKEN_SERVER:
    case EST_REASON_OAUTH_CLIENT:
      return EST_STEP_SECRET;
    default:
      return reached;
    }
}

const char *
est_step_nick (EstStep step)
{
  return nicks[step];
}

EstStep
est_step_from_nick (const char *nick)
{
  for (EstStep step = 0; step < EST_N_STEPS; step++)
    if (g_strcmp0 (nick, nicks[step]) == 0)
      return step;
  return EST_STEP_SETTINGS;
}
