/* One worker: a thread that hands over everything due for one account on one connection
   to its relay, then ends. */
#pragma once

#include "account/credentials.h"
#include "account/settings.h"
#include "outbox/outbox.h"

typedef struct
{
  EstOutbox *outbox;
  EstCredentials *credentials;
  EstSettings *settings;
  EstAccount *account;
  EstPause
    *pause; /* the account is paused and this tests whether it still must be; or NULL */
} EstErrand;

/* How the account stands afterwards: NULL if it can send. Owned by the callee. On the
   main context the worker was started from. */
typedef void (*EstWorkerDone) (const char *account, EstPause *pause, gpointer data);

typedef struct EstWorker EstWorker;

/* Copies and references what @errand holds. @opened is called (same context) when a
   paused account has signed in again, before its mail goes out. */
EstWorker *est_worker_start (const EstErrand *errand,
                             EstWorkerDone resumed,
                             EstWorkerDone done,
                             gpointer data);

/* Cancels what it is doing and waits for its end, which is within milliseconds; the
   callbacks are not called any more. What is in flight comes to a state that is true. */
void est_worker_stop (EstWorker *worker);
