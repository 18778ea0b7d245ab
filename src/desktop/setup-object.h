/* org.estafeta.Setup1 (data/org.estafeta.Setup1.xml). */
#pragma once

#include "desktop/bus.h"
#include "interface/interface.h"

typedef struct EstSetupObject EstSetupObject;

EstSetupObject *est_setup_object_new (const EstBusServices *services);

/* After the skeleton is unexported; a method that still runs keeps what it needs. */
void est_setup_object_free (EstSetupObject *object);

GDBusInterfaceSkeleton *est_setup_object_skeleton (EstSetupObject *object); /* borrowed */
