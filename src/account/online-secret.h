/* The password or the access token of an account of GNOME Online Accounts, asked for at
   each use and kept nowhere. */
#pragma once

#include "account/account.h"
#include "base/secret.h"

#include <gio/gio.h>

/* Blocks until @cancellable rings: the service may go to the network for a fresh token.
   EST_CREDENTIALS_ERROR_ONLINE_SIGN_IN if the person has to sign in again,
   EST_CREDENTIALS_ERROR_ONLINE if the service cannot tell it now. */
EstSecret *est_online_secret_ask (const EstOnline *online,
                                  GCancellable *cancellable,
                                  GError **error);

/* The provider refused what the service told: the service is to look for itself, so that
   its settings show the account as one that needs the person. Does not wait. */
void est_online_secret_refused (const EstOnline *online);
