/* org.estafeta.Accounts1 (data/org.estafeta.Accounts1.xml). */
#pragma once

#include "desktop/bus.h"
#include "interface/interface.h"

typedef struct EstAccountsObject EstAccountsObject;

EstAccountsObject *est_accounts_object_new (const EstBusServices *services);

/* After the skeleton is unexported; a method that still runs keeps what it needs. */
void est_accounts_object_free (EstAccountsObject *object);

GDBusInterfaceSkeleton *est_accounts_object_skeleton (EstAccountsObject *object);
