/* Access tokens of OAuth 2.0, bought with the refresh tokens in the keyring (RFC 6749 6).
   Where a server gives a new refresh token with an access token, the new one is in the
   keyring before the other is told to anybody. One thread per account at a time. */
#pragma once

#include "account/account.h"
#include "account/keyring.h"

typedef struct EstRenewals EstRenewals;

EstRenewals *est_renewals_new (void);
void est_renewals_free (EstRenewals *renewals);

/* Blocks until @cancellable rings. @life: for how many seconds it can be used safely.
   EST_CREDENTIALS_ERROR: SIGNED_OUT if the person has to sign in (again), TOKEN_SERVER if
   the server gives none now, CLIENT if it refuses us, or the keyring's. */
EstSecret *est_renewals_ask (EstRenewals *renewals,
                             const EstAccount *account,
                             guint *life,
                             GCancellable *cancellable,
                             GError **error);

/* @account has another refresh token, or none. */
void est_renewals_forget (EstRenewals *renewals, const char *account);
