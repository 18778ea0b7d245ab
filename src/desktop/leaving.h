/* Work for somebody who may lose interest: it ends when the program that called is gone
   from the bus, or from our own socket. */
#pragma once

#include <gio/gio.h>

typedef struct EstLeaving EstLeaving;

/* Cancels @cancellable, on the main loop, when the caller of @invocation leaves or has
   left already. Any thread that is no main context's own. */
EstLeaving *est_leaving_watch (GDBusMethodInvocation *invocation,
                               GCancellable *cancellable);
void est_leaving_free (EstLeaving *leaving);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstLeaving, est_leaving_free)
