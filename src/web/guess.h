/* Names that mail servers often have, tried without signing in. Blocking. Internal to
   web/. */
#pragma once

#include <glib.h>

/* Whether at @host and port 465 there is a mail server that shows a valid certificate for
   that name: a handshake and a greeting, no more. */
gboolean est_guess_is_right (const char *host);
