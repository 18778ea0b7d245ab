/* The beginning of TLS with a program on this machine: by command, or at once. */
#pragma once

#include "submission/commands.h"

/* Answers STARTTLS (RFC 3207 4). */
EstReply *est_starttls_answer (EstSession *session, const char *argument);

/* Does the handshake if the answer that was just flushed promised it; afterwards the
   client is a stranger again. FALSE: the conversation is over. */
gboolean est_starttls_follow_up (EstSession *session);

/* TLS before anything is said (RFC 8314 3.3). FALSE: the conversation is over. */
gboolean est_starttls_at_once (EstSession *session);
