/* Where this process listens, so that it does not talk to itself. Any thread. */
#pragma once

#include <gio/gio.h>

/* Whether a connection to @target (an internet address) is answered by who listens at
   @listening. Also where the system makes one address of two: "0.0.0.0" and "::" lead to
   the loopback, "::ffff:127.0.0.1" to 127.0.0.1. */
gboolean est_own_socket_answers (GSocketAddress *listening, GSocketAddress *target);

/* From now on, or no longer, we listen at @address. */
void est_own_sockets_add (GSocketAddress *address);
void est_own_sockets_remove (GSocketAddress *address);

/* Whether a connection to @target would be one to ourselves. */
gboolean est_own_sockets_answer (GSocketAddress *target);
