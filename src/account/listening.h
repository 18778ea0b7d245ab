/* The addresses where programs hand mail in, as the settings write them:
   "127.0.0.1:2525", "[::1]:2525". */
#pragma once

#include "account/settings.h"

#include <gio/gio.h>

/* NULL: it is no address of the loopback with a port. */
GSocketAddress *est_listening_parse (const char *text);

/* Also where two are written differently: "[::1]:25" and "[0::1]:025". Both are good. */
gboolean est_listening_is_same (const char *a, const char *b);

/* The one of @submission that @account names as its relay, by an address or as
   "localhost": mail would go round in circles. Borrowed; NULL: none. */
const char *est_listening_find_loop (const EstSubmissionSettings *submission,
                                     const EstAccount *account);
