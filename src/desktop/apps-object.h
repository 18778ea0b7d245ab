/* org.estafeta.Apps1 (data/org.estafeta.Apps1.xml). */
#pragma once

#include "desktop/bus.h"
#include "interface/interface.h"

typedef struct EstAppsObject EstAppsObject;

EstAppsObject *est_apps_object_new (const EstBusServices *services);

/* After the skeleton is unexported; a method that still runs keeps what it needs. */
void est_apps_object_free (EstAppsObject *object);

GDBusInterfaceSkeleton *est_apps_object_skeleton (EstAppsObject *object); /* borrowed */
