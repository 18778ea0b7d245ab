/* What apps in sandboxes may: the one place where that is decided, for the buttons of a
   notification, D-Bus and the settings file alike. An answer is written into the
   settings; and whatever the way it came in, what an allowed app has waiting goes. */
#pragma once

#include "desktop/app-list.h"

/* signal undecided (const char *program): an answer given by a button could not be kept;
   on the main loop. */
#define EST_TYPE_APPS (est_apps_get_type ())
G_DECLARE_FINAL_TYPE (EstApps, est_apps, EST, APPS, GObject)

/* On the main loop. What an earlier run has left undone is done soon. */
EstApps *est_apps_new (EstOutbox *outbox, EstAccounts *accounts);

/* See app-list.h; any thread. */
GPtrArray *est_apps_list (EstApps *apps, GError **error);

/* Remembers the answer (ASK: takes it back) and, with ALLOW, lets its mail go: @released
   messages. Any thread but the main loop's, for it waits for the disc.
   EST_SETTINGS_ERROR, EST_OUTBOX_ERROR. */
gboolean est_apps_decide (EstApps *apps,
                          const char *program,
                          EstPermission permission,
                          guint *released,
                          GError **error);

/* The same for a button, at once and on the main loop. Without effect if the question was
   answered meanwhile. */
void est_apps_answer (EstApps *apps, const char *program, EstPermission permission);
