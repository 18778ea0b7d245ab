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

/* Fetches it; the authority has an issuer. EST_FAILURE. */
gboolean est_metadata_fetch (EstAuthority *authority, GError **error);
