/* What is said of OAuth 2.0, to the helper program and by those who distribute us. */
#pragma once

#include "account/account.h"

/* Adds what @account says of it, and data/clients where it names no client, as lines of
   KEY=VALUE for estafeta-web. */
void est_oauth_write (const EstAccount *account, GString *input);

void est_oauth_clear (EstOauth *oauth);
