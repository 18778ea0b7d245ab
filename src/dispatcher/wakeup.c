/* Events and the pauses they end. */
#include "dispatcher/wakeup.h"

static gboolean
is_about_the_secret (EstReason reason)
{
  return reason == EST_REASON_SIGN_IN || reason == EST_REASON_SECRET_MISSING
         || reason == EST_REASON_SECRET_LOCKED || reason == EST_REASON_NO_KEYRING;
}

/* A portal's own certificate, or a network that blocks the port, look like trouble with
   the account although another network is all it takes. */
static gboolean
depends_on_the_network (EstReason reason)
{
  return est_reason_scope (reason) == EST_SCOPE_NETWORK || reason == EST_REASON_UNTRUSTED
         || reason == EST_REASON_NO_TLS || reason == EST_REASON_TURNED_AWAY;
}

gboolean
est_wakeup_helps (EstWakeup wakeup, EstReason reason)
{
  switch (wakeup)
    {
    case EST_WAKEUP_NETWORK:
      return depends_on_the_network (reason);
    case EST_WAKEUP_KEYRING:
      return is_about_the_secret (reason);
    case EST_WAKEUP_PERSON:
      return reason != EST_REASON_BUDGET;
    default:
      return TRUE;
    }
}
