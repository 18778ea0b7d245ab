/* Tells the person what became of the mail: listens on the main loop, and lets one thread
   of its own do the talking, because a notification server may hang. Mail never waits for
   it. */
#pragma once

#include "account/accounts.h"
#include "desktop/apps.h"
#include "desktop/buttons.h"
#include "dispatcher/dispatcher.h"
#include "outbox/outbox.h"

typedef struct EstNotifier EstNotifier;

EstNotifier *est_notifier_new (EstOutbox *outbox,
                               EstDispatcher *dispatcher,
                               EstAccounts *accounts,
                               EstApps *apps,
                               EstButtons *buttons);

/* Waits two seconds at most for what is still to be told. */
void est_notifier_free (EstNotifier *notifier);

/* Somebody else (@uid; EST_USER_UNKNOWN: not known) listens at an address of ours; NULL:
   nobody does any more. */
void est_notifier_port_taken (EstNotifier *notifier, const char *address, guint uid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstNotifier, est_notifier_free)
