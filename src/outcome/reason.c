/* The table of reasons. */
#include "outcome/reason.h"

#include "outcome/course.h"

typedef struct
{
  const char *nick;
  EstScope scope;
  EstPermanence permanence;
} Meaning;

/* A permanent network or account reason pauses until an event; a temporary one is tried
   again as time passes too. Certificates are worth another try: networks with a portal
   answer with their own, and expired ones are renewed. */
static const Meaning meanings[EST_N_REASONS] = {
  [EST_REASON_NONE] = {"none",                EST_SCOPE_NONE,      EST_TEMPORARY},
  [EST_REASON_OFFLINE] = {"offline",             EST_SCOPE_NETWORK,   EST_TEMPORARY},
  [EST_REASON_NAME_LOOKUP] = {"name-lookup",         EST_SCOPE_NETWORK,   EST_TEMPORARY},
  [EST_REASON_UNREACHABLE] = {"unreachable",         EST_SCOPE_NETWORK,   EST_TEMPORARY},
  [EST_REASON_TIMED_OUT] = {"timed-out",           EST_SCOPE_NETWORK,   EST_TEMPORARY},
  [EST_REASON_DISCONNECTED] = {"disconnected",        EST_SCOPE_NETWORK,   EST_TEMPORARY},
  [EST_REASON_PROTOCOL] = {"protocol",            EST_SCOPE_NETWORK,   EST_TEMPORARY},
  [EST_REASON_TLS] = {"tls",                 EST_SCOPE_NETWORK,   EST_TEMPORARY},
  [EST_REASON_NO_TLS] = {"no-tls",              EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_UNTRUSTED] = {"certificate",         EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_NO_MECHANISM] = {"no-mechanism",        EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_SIGN_IN] = {"sign-in",             EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_SECRET_MISSING] = {"password-missing",    EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_SECRET_LOCKED] = {"keyring-locked",      EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_NO_KEYRING] = {"no-keyring",          EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_COMMAND] = {"password-command",    EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_BUSY] = {"busy",                EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_TURNED_AWAY] = {"turned-away",         EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_DEFERRED] = {"deferred",            EST_SCOPE_MESSAGE,   EST_TEMPORARY},
  [EST_REASON_REFUSED] = {"refused",             EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_RECIPIENT_REFUSED]
  = {"recipient-refused",   EST_SCOPE_RECIPIENT, EST_PERMANENT},
  [EST_REASON_UNCERTAIN] = {"uncertain",           EST_SCOPE_MESSAGE,   EST_IN_DOUBT },
  [EST_REASON_NO_ACCOUNT] = {"no-account",          EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_DAMAGED] = {"damaged",             EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_EXPIRED] = {"expired",             EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_STORE] = {"store",               EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_PORT_TAKEN] = {"port-taken",          EST_SCOPE_NONE,      EST_PERMANENT},
  [EST_REASON_SETTINGS] = {"settings",            EST_SCOPE_NONE,      EST_PERMANENT},
  [EST_REASON_LIMIT] = {"limit",               EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_BY_HAND] = {"by-hand",             EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_OLD] = {"old",                 EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_RESTORED] = {"restored",            EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_APP] = {"app",                 EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_LATE] = {"late",                EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_WEAKER] = {"weaker",              EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_STRANGER] = {"stranger",            EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_UNCONFIRMED] = {"unconfirmed",         EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_CERTIFICATE_EXPIRED]
  = {"certificate-expired", EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_CERTIFICATE_NAME] = {"certificate-name",    EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_CERTIFICATE_ISSUER]
  = {"certificate-issuer",  EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_PIN] = {"pin",                 EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_CLIENT_KEY] = {"client-key",          EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_IMPOSTOR] = {"impostor",            EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_PROXY] = {"proxy",               EST_SCOPE_NETWORK,   EST_TEMPORARY},
  [EST_REASON_BUDGET] = {"budget",              EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_TOO_LARGE] = {"too-large",           EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_NO_TICKET] = {"no-ticket",           EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_INCAPABLE] = {"incapable",           EST_SCOPE_MESSAGE,   EST_PERMANENT},
  [EST_REASON_SUSPENDED] = {"suspended",           EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_ONLINE_ACCOUNTS] = {"online-accounts",     EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_ONLINE_SIGN_IN] = {"online-sign-in",      EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_LOOP] = {"loop",                EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_SIGNED_OUT] = {"signed-out",          EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_TOKEN_SERVER] = {"token-server",        EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
  [EST_REASON_OAUTH_CLIENT] = {"oauth-client",        EST_SCOPE_ACCOUNT,   EST_PERMANENT},
  [EST_REASON_CREDENTIAL] = {"credential",          EST_SCOPE_ACCOUNT,   EST_TEMPORARY},
};

EstScope
est_reason_scope (EstReason reason)
{
  return meanings[reason].scope;
}

EstPermanence
est_reason_permanence (EstReason reason)
{
  return meanings[reason].permanence;
}

gboolean
est_reason_pauses (EstReason reason)
{
  return est_course_for (reason)->pauses;
}

gboolean
est_reason_passes (EstReason reason)
{
  return est_course_for (reason)->passes;
}

const char *
est_reason_nick (EstReason reason)
{
  return meanings[reason].nick;
}

EstReason
est_reason_from_nick (const char *nick)
{
  for (EstReason reason = 0; reason < EST_N_REASONS; reason++)
    if (g_strcmp0 (nick, meanings[reason].nick) == 0)
      return reason;
  return EST_REASON_NONE;
}
