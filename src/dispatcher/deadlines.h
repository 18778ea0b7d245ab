/* Fails mail that is late (RFC 2852, mode R) when its hour comes, whether its account can
   send or not. Main loop only. */
#pragma once

#include "outbox/outbox.h"

typedef struct EstDeadlines EstDeadlines;

/* @done is called on the main loop when those that were late have failed: it is time to
   look for the next hour. */
EstDeadlines *
est_deadlines_new (EstOutbox *outbox, void (*done) (gpointer data), gpointer data);

/* Waits for a commit that is under way; @done is not called any more. */
void est_deadlines_free (EstDeadlines *deadlines);

/* Begins to fail what is late at @now, or says when it has to be looked at again;
   G_MAXINT64: not before @done or a message that begins to wait. */
gint64 est_deadlines_plan (EstDeadlines *deadlines, gint64 now);
