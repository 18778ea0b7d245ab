/* org.estafeta.SignIn1 (data/org.estafeta.SignIn1.xml). */
#pragma once

#include "desktop/bus.h"
#include "interface/interface.h"

typedef struct EstSignInObject EstSignInObject;

EstSignInObject *est_sign_in_object_new (const EstBusServices *services);

/* After the skeleton is unexported. Ends the sign-ins that are under way. */
void est_sign_in_object_free (EstSignInObject *object);

GDBusInterfaceSkeleton *
est_sign_in_object_skeleton (EstSignInObject *object); /* borrowed */
