/* org.estafeta.Tokens1 (data/org.estafeta.Tokens1.xml). */
#pragma once

#include "desktop/bus.h"
#include "interface/interface.h"

typedef struct EstTokensObject EstTokensObject;

EstTokensObject *est_tokens_object_new (const EstBusServices *services);

/* After the skeleton is unexported; a method that still runs keeps what it needs. */
void est_tokens_object_free (EstTokensObject *object);

GDBusInterfaceSkeleton *est_tokens_object_skeleton (EstTokensObject *object);
