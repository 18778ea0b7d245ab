/* Decides when to try: per account one lane, with as many workers on it as it needs, a
   pause if it cannot send now, and one alarm for whatever is due first. Main loop only.
 */
#pragma once

#include "account/accounts.h"
#include "account/credentials.h"
#include "dispatcher/book.h"
#include "dispatcher/wakeup.h"
#include "outbox/outbox.h"

/* signal paused (EstPause *): an account cannot send, or still cannot; borrowed.
   signal resumed (const char *account): it can again. */
#define EST_TYPE_DISPATCHER (est_dispatcher_get_type ())
G_DECLARE_FINAL_TYPE (EstDispatcher, est_dispatcher, EST, DISPATCHER, GObject)

/* Takes up what waits once the main loop runs. Listens to the outbox, the settings, the
   credential store and the network by itself. */
EstDispatcher *est_dispatcher_new (EstOutbox *outbox,
                                   EstAccounts *accounts,
                                   EstCredentials *credentials);

/* Something has changed: accounts whose pause this may end are tried at once. @account
   NULL: all of them. */
void
est_dispatcher_wake (EstDispatcher *dispatcher, EstWakeup wakeup, const char *account);

/* When something is due next, in microseconds since 1970; G_MAXINT64: nothing. Any
 * thread. */
gint64 est_dispatcher_next (EstDispatcher *dispatcher);

/* The book of budgets; borrowed. */
EstBook *est_dispatcher_book (EstDispatcher *dispatcher);

/* Ends all conversations with relays and waits for that. Nothing is tried afterwards. */
void est_dispatcher_stop (EstDispatcher *dispatcher);
