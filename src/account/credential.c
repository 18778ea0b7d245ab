/* The words for kinds of secrets that stand in the keyring, where other versions of this
   program read them. */
#include "account/credential.h"

static const char *const nicks[] = {
  [EST_CREDENTIAL_PASSWORD] = "password",
  [EST_CREDENTIAL_REFRESH_TOKEN] = "refresh-token",
  [EST_CREDENTIAL_ANY] = NULL,
};

const char *
est_credential_kind_nick (EstCredentialKind kind)
{
  return nicks[kind];
}

gboolean
est_credential_kind_is (EstCredentialKind kind, const char *nick)
{
  if (kind == EST_CREDENTIAL_ANY)
    return TRUE;
  if (nick == NULL)
    return kind == EST_CREDENTIAL_PASSWORD;
  return g_str_equal (nicks[kind], nick);
}
