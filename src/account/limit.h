/* A time limit for calls that own their waiting (libsecret, a program's pipe,
   the resolver): a
   cancellable that rings by itself. It needs no main loop: a thread of its own waits for
   the moment, for the second or less that such a call mostly takes. */
#pragma once

#include <gio/gio.h>

typedef struct EstLimit EstLimit;

/* Rings after @seconds, or when @parent (may be NULL) is cancelled. */
EstLimit *est_limit_new (guint seconds, GCancellable *parent);
void est_limit_free (EstLimit *limit);

GCancellable *est_limit_get_cancellable (EstLimit *limit); /* borrowed */

/* Whether it rang because the time was up. */
gboolean est_limit_has_passed (EstLimit *limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstLimit, est_limit_free)
