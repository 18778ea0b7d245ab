/* One worker: a thread that hands over what is due for one account on one connection to
   its relay, keeps that for some seconds for what becomes due next, then ends. How many
   there are beside each other: see muster.h. Main loop only. */
#pragma once

#include "account/credentials.h"
#include "account/settings.h"
#include "dispatcher/book.h"
#include "dispatcher/crew.h"
#include "dispatcher/stint.h"
#include "outbox/outbox.h"

typedef struct
{
  EstOutbox *outbox;
  EstCredentials *credentials;
  EstSettings *settings;
  EstAccount *account;
  EstCrew *crew;         /* the account's workers; this one joins them */
  EstBook *book;         /* borrowed; outlives the worker */
  const EstPause *pause; /* what the account is paused for until this proves otherwise */
  EstStint stint;        /* the account's own clock */
} EstErrand;

typedef struct EstWorker EstWorker;

/* All on the main context the worker was started from. */
typedef struct
{
  /* How the account stands: NULL if it can send. Owned by the callee. */
  void (*told) (const char *account, EstPause *pause, gpointer data);

  /* The crew is not as it was: it was let in, carries a parcel, or waits. */
  void (*stirred) (gpointer data);

  /* The last word; the worker is gone by then, its pointer only says which. */
  void (*done) (EstWorker *worker, const char *account, gpointer data);

  gpointer data;
} EstWorkerListener;

/* Copies and references what @errand holds. */
EstWorker *est_worker_start (const EstErrand *errand, const EstWorkerListener *listener);

/* Lets it end after the message it has in hand; it tells when it is done. */
void est_worker_finish (EstWorker *worker);

/* Waits for the answer to content that is out, up to @until (g_get_monotonic_time()),
   cancels everything else and waits for the thread's end; no news comes any more. Several
   are to be finished first: then one does not wait for the other. */
void est_worker_stop (EstWorker *worker, gint64 until);
