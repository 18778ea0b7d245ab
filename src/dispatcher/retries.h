/* Brings retries forward that are due in the far future of a clock that was wrong. Main
   loop only. */
#pragma once

#include "outbox/outbox.h"

typedef struct EstRetries EstRetries;

EstRetries *est_retries_new (EstOutbox *outbox);

/* Waits for a commit that is under way. NULL is fine. */
void est_retries_free (EstRetries *retries);

/* None is due after @latest (microseconds since 1970) any more. */
void est_retries_bound (EstRetries *retries, gint64 latest);
