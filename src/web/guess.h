/* Names that mail servers often have, tried without signing in. Blocking. Internal to
   web/. */
#pragma once

#include "account/account.h"

/* Whether at @host and @port there is a mail server that shows a valid certificate for
   that name: with @security _TLS a handshake and a greeting, with _STARTTLS EHLO as well,
   and no more. */
gboolean est_guess_is_right (const char *host, guint16 port, EstSecurity security);
