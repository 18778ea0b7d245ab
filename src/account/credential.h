/* What a secret in the keyring is for. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_CREDENTIAL_PASSWORD,      /* or an app password: what the account signs in with */
  EST_CREDENTIAL_REFRESH_TOKEN, /* of OAuth 2.0: what buys access tokens */
  EST_CREDENTIAL_ANY,           /* only where something is removed */
} EstCredentialKind;

/* Readable in the keyring without unlocking it, so nothing of it is a secret. @account
   and @kind say which one it is; @host and @user (NULL: not known) tell a person who
   looks at the keyring what it opens. */
typedef struct
{
  const char *account;
  EstCredentialKind kind;
  const char *host;
  const char *user;
} EstCredential;

/* "password", "refresh-token"; NULL for any. */
const char *est_credential_kind_nick (EstCredentialKind kind);

/* Whether an item with the attribute "kind" @nick is of @kind. NULL is the older form of
   a password, which had none. */
gboolean est_credential_kind_is (EstCredentialKind kind, const char *nick);
