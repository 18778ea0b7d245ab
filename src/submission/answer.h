/* What the server says: codes and statuses for its own words and for the errors of the
   rooms below. English ASCII. New references. */
#pragma once

#include "mail/reply.h"

EstReply *est_answer (int code, const char *status, const char *text);

/* The reply that tells a client of an error from intake/ or outbox/. What is not the
   client's fault is temporary: it keeps the mail and may try again. */
EstReply *est_answer_error (const GError *error);

/* The error of content that no relay should see: a bare CR or LF, or a NUL. */
GError *est_answer_unclean (void);
