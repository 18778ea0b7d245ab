/* One account's way to its relay: its workers; a pause while it cannot send, its person's
   word, and its own clock. Main loop only. */
#pragma once

#include "dispatcher/worker.h"

typedef struct
{
  EstCrew *crew;
  GPtrArray *workers; /* EstWorker: those under way, each until it is done or stopped */
  EstPause *pause;    /* NULL: it can send */
  gboolean halted;    /* by its person */
  gboolean probe;     /* something changed that may end the pause: try now */
  EstStint stint;
} EstLane;

/* account name -> EstLane */
GHashTable *est_lanes_new (void);

/* Takes up the pauses the outbox keeps. They outlive the program: a password that was
   refused is not tried again merely because the program starts. */
void est_lanes_load (GHashTable *lanes, EstOutbox *outbox);

/* Ends every worker, within three seconds, and keeps every clock. */
void est_lanes_stop (GHashTable *lanes, EstOutbox *outbox);

/* The account's lane, made at the first question; borrowed. */
EstLane *est_lane_get (GHashTable *lanes, EstOutbox *outbox, const char *account);

/* @pause (NULL: none) is taken over. While there is one, workers end after the message
   they have in hand. */
void est_lane_set_pause (EstLane *lane, EstPause *pause);

/* A halted lane's workers end likewise. */
void est_lane_set_halted (EstLane *lane, gboolean halted);

/* The settings are not those the workers were sent off with: they end likewise, and
   connections that are kept are closed. */
void est_lane_renew (EstLane *lane);

/* The network is not what it was: connections that are kept are closed. */
void est_lane_reconnect (EstLane *lane);

/* When the lane is to be looked at again; G_MAXINT64: not before an event. While a pause
   lasts nobody asks whether anything waits behind it: ten thousand new messages then cost
   nothing here. */
gint64 est_lane_due (const EstLane *lane, EstOutbox *outbox, const char *account);

/* Something is due. Calls those who wait for it; TRUE: one worker more is to be sent off.
 */
gboolean
est_lane_wants_worker (const EstLane *lane, EstOutbox *outbox, const char *account);

/* A clock that was set back leaves a pause until a far future: bounds that. */
void est_lane_bound_pause (EstLane *lane, const EstSettings *settings, gint64 now);
