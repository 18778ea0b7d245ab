/* org.estafeta.Discovery1 (data/org.estafeta.Discovery1.xml). */
#pragma once

#include "interface/interface.h"

#include <gio/gio.h>

typedef struct EstDiscoveryObject EstDiscoveryObject;

EstDiscoveryObject *est_discovery_object_new (void);

/* After the skeleton is unexported; a method that still runs keeps what it needs. */
void est_discovery_object_free (EstDiscoveryObject *object);

/* Borrowed. */
GDBusInterfaceSkeleton *est_discovery_object_skeleton (EstDiscoveryObject *object);
