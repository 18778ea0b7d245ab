/* One conversation with a program that hands mail in (RFC 5321, RFC 6409 as the receiving
   end). Reads top to bottom in a thread of its own. */
#pragma once

#include "intake/intake.h"

#include <gio/gio.h>

/* Speaks until the client quits, misbehaves or goes silent, or @cancellable is
   cancelled. Only programs of this user are served: who the peer is, is asked of the
   kernel first. */
void est_session_run (EstIntake *intake, GSocket *socket, GCancellable *cancellable);

/* The same where TLS begins at once (RFC 8314 3.3), before the greeting. */
void est_session_run_tls (EstIntake *intake, GSocket *socket, GCancellable *cancellable);
