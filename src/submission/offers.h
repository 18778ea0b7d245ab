/* What the server offers (RFC 5321 4.1.1.1), as words and as what it then takes. Pure. */
#pragma once

#include "account/settings.h"
#include "mail/options.h"

/* The lines of an EHLO reply after its first, joined by '\n'. @secure: TLS is on. */
char *est_offers_format (const EstSettings *settings, gboolean secure, gint64 now);

/* The parameters that may stand behind MAIL and RCPT then. */
EstExtensions est_offers_extensions (gboolean secure);
