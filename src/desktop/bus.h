/* The daemon on D-Bus: org.estafeta.Outbox1, .Accounts1, .Tokens1 and .Apps1, on the
   session bus if there is one, and always on a socket of our own that needs no bus and
   that no bus monitor sees. Main loop only; the methods themselves run in threads of
   their own. */
#pragma once

#include "account/accounts.h"
#include "account/credentials.h"
#include "account/tokens.h"
#include "desktop/apps.h"
#include "dispatcher/dispatcher.h"
#include "outbox/outbox.h"

typedef struct EstBus EstBus;

typedef struct
{
  EstOutbox *outbox;
  EstDispatcher *dispatcher;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstTokens *tokens;
  EstApps *apps;
} EstBusServices;

/* Copies or references what @services holds. */
EstBus *est_bus_new (const EstBusServices *services);
void est_bus_free (EstBus *bus);

/* Where programs hand mail in now; @taken: address (char *) -> uid of whoever holds it
   (guint) where they cannot. Copied. */
void est_bus_set_listening (EstBus *bus, const char *const *listening, GHashTable *taken);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstBus, est_bus_free)
