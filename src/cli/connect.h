/* Finds the daemon: on its private socket, which needs no session bus and no bus monitor
   sees, else by its name on the session bus. */
#pragma once

#include "interface/interface.h"

/* NULL after saying on standard error that no daemon runs and how to start it. Calls wait
   @seconds at most for their answer. */
EstBusOutbox1 *est_connect_outbox (guint seconds);

/* The same for somebody who wants to hear its signals. */
EstBusOutbox1 *est_connect_outbox_live (guint seconds);
EstBusAccounts1 *est_connect_accounts (guint seconds);
EstBusTokens1 *est_connect_tokens (guint seconds);
EstBusApps1 *est_connect_apps (guint seconds);
EstBusSetup1 *est_connect_setup (guint seconds);
EstBusSignIn1 *est_connect_sign_in (guint seconds);

/* Hears its signals. */
EstBusDiscovery1 *est_connect_discovery (guint seconds);

/* Whether a daemon answers on its private socket; says nothing, starts nothing. */
gboolean est_connect_is_there (void);
