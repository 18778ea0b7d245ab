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
    *pause; /* what the account is paused for until this proves otherwise; or NULL */
} EstErrand;

/* How the account stands: NULL if it can send. Owned by the callee. On the main context
   the worker was started from. */
typedef void (*EstWorkerNews) (const char *account, EstPause *pause, gpointer data);

typedef struct EstWorker EstWorker;

/* Copies and references what @errand holds. @told comes while the worker goes on: with a
   pause when it is stuck, without one when the account has sent again. @done comes last,
   and the worker is gone by then. */
EstWorker *est_worker_start (const EstErrand *errand,
                             EstWorkerNews told,
                             EstWorkerNews done,
                             gpointer data);

/* Waits up to three seconds for the answer to content that is out, cancels everything
   else and waits for the thread's end; no news comes any more. */
void est_worker_stop (EstWorker *worker);
