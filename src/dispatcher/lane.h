/* One account's way to its relay: at most one worker on it, and a pause while it cannot
   send. Main loop only. */
#pragma once

#include "dispatcher/worker.h"

typedef struct
{
  EstWorker *worker; /* NULL: nobody is under way */
  EstPause *pause;   /* NULL: it can send */
  gboolean probe;    /* something changed that may end the pause: try now */
} EstLane;

/* account name -> EstLane */
GHashTable *est_lanes_new (void);

/* Takes up the pauses the outbox keeps. They outlive the program: a password that was
   refused is not tried again merely because the program starts. */
void est_lanes_load (GHashTable *lanes, EstOutbox *outbox);

/* Ends every worker. */
void est_lanes_stop (GHashTable *lanes);

/* The account's lane, made at the first question; borrowed. */
EstLane *est_lane_get (GHashTable *lanes, const char *account);

/* When the lane's next attempt is due; G_MAXINT64: nothing to do before an event. */
gint64 est_lane_due (const EstLane *lane, EstOutbox *outbox, const char *account);

/* A clock that was set back leaves a pause until a far future: bounds that. */
void est_lane_bound_pause (EstLane *lane, const EstSettings *settings, gint64 now);
