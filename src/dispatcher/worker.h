/* One worker: a thread that hands over everything due for one account on one connection
   to its relay, then ends.

   No message blocks another: an account has one connection, but while that carries a
   parcel (a large message), a second worker, the express, takes letters past it on a
   connection of its own. Large mail on a slow link takes minutes; SMTP cannot interrupt
   it, and a second connection for that time is what every provider allows. A relay that
   does not is spoken to on one. */
#pragma once

#include "account/credentials.h"
#include "account/settings.h"
#include "dispatcher/book.h"
#include "dispatcher/stint.h"
#include "outbox/outbox.h"

#define EST_WORKER_LETTER (256 * 1024) /* octets; what is larger is a parcel */

typedef struct
{
  EstOutbox *outbox;
  EstCredentials *credentials;
  EstSettings *settings;
  EstAccount *account;
  EstBook *book;         /* borrowed; outlives the worker */
  const EstPause *pause; /* what the account is paused for until this proves otherwise */
  EstStint stint;        /* the account's own clock */
  gboolean express;      /* only letters, and its trouble is nobody else's */
} EstErrand;

typedef struct EstWorker EstWorker;

/* All on the main context the worker was started from. */
typedef struct
{
  /* How the account stands: NULL if it can send. Owned by the callee. */
  void (*told) (const char *account, EstPause *pause, gpointer data);

  /* It begins to carry a parcel. */
  void (*loaded) (gpointer data);

  /* The last word; the worker is gone by then, its pointer only says which. @pause as
     above; of an express, what ended it and concerns nobody else. */
  void (*done) (EstWorker *worker, const char *account, EstPause *pause, gpointer data);

  gpointer data;
} EstWorkerListener;

/* Copies and references what @errand holds. */
EstWorker *est_worker_start (const EstErrand *errand, const EstWorkerListener *listener);

/* Whether it carries a parcel just now. */
gboolean est_worker_is_loaded (EstWorker *worker);

/* Lets it end after the message it has in hand; it tells when it is done. */
void est_worker_finish (EstWorker *worker);

/* Waits up to three seconds for the answer to content that is out, cancels everything
   else and waits for the thread's end; no news comes any more. */
void est_worker_stop (EstWorker *worker);
