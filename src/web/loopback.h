/* The small web server on this machine to which a browser brings the end of a sign-in
   (RFC 8252 7.3). Internal to web/. */
#pragma once

#include "web/redirect.h"

#include <gio/gio.h>

typedef struct EstLoopback EstLoopback;

/* Listens at 127.0.0.1, at a port that the kernel chooses. NULL with an error. */
EstLoopback *est_loopback_open (GError **error);
void est_loopback_close (EstLoopback *loopback);

guint16 est_loopback_port (const EstLoopback *loopback);

/* Waits for the request with @state, up to the moment @until (monotonic), and answers it
   with a page. Whatever else is asked for is not there, and who says nothing does not
   matter. NULL: nobody came. */
EstRedirect *est_loopback_wait (EstLoopback *loopback, const char *state, gint64 until);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstLoopback, est_loopback_close)
