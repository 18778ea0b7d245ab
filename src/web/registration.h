/* Making ourselves known to an authorisation server (RFC 7591), which needs nobody's
   leave where a server offers it. Internal to web/. */
#pragma once

#include "web/authority.h"

/* Where @authority has no client id, one is asked for; @redirect NULL: there will be no
   browser. EST_FAILURE: _CLIENT_MISSING if none is given out. */
gboolean
est_registration_ask (EstAuthority *authority, const char *redirect, GError **error);

/* Takes it from @answer. Pure. */
gboolean
est_registration_take (EstAuthority *authority, const EstAnswer *answer, GError **error);
