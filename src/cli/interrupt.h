/* Ctrl-C for a verb that undoes what it did before it ends. One watch per program. */
#pragma once

#include <gio/gio.h>

/* From now on SIGINT, SIGTERM and SIGHUP cancel the result (borrowed) instead of ending
   the program, whatever call of GIO it waits in, and a reader of standard output who goes
   away does not end it. */
GCancellable *est_interrupt_watch (void);

/* For whoever caught signal @number itself: TRUE if it is watched; then it counts. */
gboolean est_interrupt_take (int number);

/* Ends the program by the signal that came, as its parent expects, or returns if none
   did. */
void est_interrupt_end (void);
