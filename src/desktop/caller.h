/* Who calls a method: apps in sandboxes carry the same uid, but have no business with
   other programs' mail. */
#pragma once

#include "base/origin.h"

#include <gio/gio.h>

/* Every method of @skeleton refuses a caller in a sandbox (AccessDenied), and one that
   cannot be told, before it runs; only Import of Outbox1, which is handing in as by SMTP,
   looks for itself. Reading properties cannot be kept from anybody: they are figures. */
void est_caller_guard (GDBusInterfaceSkeleton *skeleton);

/* Which program calls. FALSE: it cannot be told, or it is gone. May wait for the bus: not
   on the main loop. */
gboolean est_caller_origin (GDBusMethodInvocation *invocation, EstOrigin *origin);
