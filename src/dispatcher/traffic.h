/* All lanes: whom to send off on them, and what comes back. Main loop only. */
#pragma once

#include "account/credentials.h"
#include "account/settings.h"
#include "dispatcher/book.h"
#include "dispatcher/halts.h"
#include "dispatcher/wakeup.h"
#include "outbox/outbox.h"

typedef struct
{
  void (*paused) (EstPause *pause, gpointer data); /* an account is, or still is */
  void (*resumed) (const char *account, gpointer data);
  void (*stirred) (gpointer data); /* the plan is to be made anew */
  gpointer data;
} EstTrafficListener;

typedef struct EstTraffic EstTraffic;

/* @book is borrowed, and outlives it. */
EstTraffic *est_traffic_new (EstOutbox *outbox,
                             EstCredentials *credentials,
                             EstBook *book,
                             const EstTrafficListener *listener);

/* After est_traffic_stop(). */
void est_traffic_free (EstTraffic *traffic);

/* Ends all conversations with relays and waits for that. */
void est_traffic_stop (EstTraffic *traffic);

/* Sees to what is due at @now; when it has to be looked at again. */
gint64 est_traffic_plan (EstTraffic *traffic,
                         EstSettings *settings,
                         EstHalts *halts,
                         gint64 now);

/* Something has changed for @account (NULL: for all). Pauses this may end are probed with
   the next plan; connections it makes worthless are closed. */
void est_traffic_wake (EstTraffic *traffic, EstWakeup wakeup, const char *account);
