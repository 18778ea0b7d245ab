/* The daemon on D-Bus: org.estafeta.Outbox1, .Accounts1, .Tokens1, .Apps1, .Setup1,
   .Discovery1 and .SignIn1, on the session bus if there is one, and always on a socket of
   our own that needs no bus and that no bus monitor sees. Main loop only; the methods
   themselves run in threads of their own. */
#pragma once

#include "account/accounts.h"
#include "account/credentials.h"
#include "account/tokens.h"
#include "desktop/apps.h"
#include "desktop/sign-ins.h"
#include "dispatcher/dispatcher.h"
#include "outbox/outbox.h"

typedef struct EstBus EstBus;

/* The port of this person, which is chosen where the sockets are; called on the main
   loop. See org.estafeta.Setup1. */
typedef struct
{
  gboolean (*choose) (gpointer data, guint16 *port, const char **state, GError **error);
  gboolean (*forget) (gpointer data, guint16 port, GError **error);
  gpointer data;
} EstPorts;

typedef struct
{
  EstOutbox *outbox;
  EstDispatcher *dispatcher;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstTokens *tokens;
  EstApps *apps;
  EstSignIns *sign_ins;
  EstPorts ports;
} EstBusServices;

/* Copies or references what @services holds. */
EstBus *est_bus_new (const EstBusServices *services);
void est_bus_free (EstBus *bus);

/* Where programs hand mail in now; @taken: address (char *) -> uid of whoever holds it
   (guint) where they cannot. Copied. */
void est_bus_set_listening (EstBus *bus, const char *const *listening, GHashTable *taken);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstBus, est_bus_free)
