/* Events and the pauses they end. */
#include "dispatcher/wakeup.h"

static gboolean
is_about_the_secret (EstReason reason)
{
  switch (reason)
    {
    case EST_REASON_SIGN_IN:
    case EST_REASON_SECRET_MISSING:
    case EST_REASON_SECRET_LOCKED:
    case EST_REASON_NO_KEYRING:
    case EST_REASON_ONLINE_ACCOUNTS:
    case EST_REASON_ONLINE_SIGN_IN:
    case EST_REASON_SIGNED_OUT:
      return TRUE;
    default:
      return FALSE;
    }
}

/* A portal's own certificate, somebody in between, or a network that blocks the port,
   look like trouble with the account although another network is all it takes. */
static gboolean
depends_on_the_network (EstReason reason)
{
  switch (reason)
    {
    case EST_REASON_UNTRUSTED:
    case EST_REASON_CERTIFICATE_EXPIRED:
    case EST_REASON_CERTIFICATE_NAME:
    case EST_REASON_CERTIFICATE_ISSUER:
    case EST_REASON_PIN:
    case EST_REASON_WEAKER:
    case EST_REASON_NO_TLS:
    case EST_REASON_TOKEN_SERVER:
    case EST_REASON_LOOP:
    case EST_REASON_TURNED_AWAY:
      return TRUE;
    default:
      return est_reason_scope (reason) == EST_SCOPE_NETWORK;
    }
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
