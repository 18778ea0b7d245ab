/* org.estafeta.Outbox1 (data/org.estafeta.Outbox1.xml). */
#pragma once

#include "desktop/bus.h"
#include "interface/interface.h"

typedef struct EstOutboxObject EstOutboxObject;

EstOutboxObject *est_outbox_object_new (const EstBusServices *services);

/* After the skeleton is unexported; a method that still runs keeps what it needs. */
void est_outbox_object_free (EstOutboxObject *object);

/* As est_bus_set_listening(). */
void est_outbox_object_set_listening (EstOutboxObject *object,
                                      const char *const *listening,
                                      GHashTable *taken);

GDBusInterfaceSkeleton *
est_outbox_object_skeleton (EstOutboxObject *object); /* borrowed */
