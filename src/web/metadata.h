/* What an authorisation server publishes about itself (RFC 8414; OpenID Connect Discovery
   1.0 has the same members). Internal to web/. */
#pragma once

#include "web/authority.h"

/* Takes from @text what @authority does not have yet. EST_FAILURE_ANSWER if it is none,
   or another issuer's (RFC 8414 3.3). Pure. */
gboolean est_metadata_take (EstAuthority *authority,
                            const char *text,
                            gsize length,
                            GError **error);

/* The addresses where the metadata of @issuer may be, the likeliest first; NULL: it is
   none that could have any (RFC 8414 2). Pure. */
char **est_metadata_places (const char *issuer);

/* Fetches it if @endpoint (of @authority), the token endpoint, or both a client id and
   the place to get one are not known, and the issuer is. EST_FAILURE: _ANSWER if an
   endpoint is not known afterwards. */
gboolean
est_metadata_complete (EstAuthority *authority, char *const *endpoint, GError **error);
