/* The daemon as a service of this person: started now, and again at each login, by the
   user manager of systemd where there is one, else by the desktop session. What a run did
   can be undone exactly. Main thread; waits, but never for ever. */
#pragma once

#include <gio/gio.h>

typedef struct EstService EstService;

typedef enum
{
  EST_SERVICE_SYSTEMD,
  EST_SERVICE_AUTOSTART,
} EstServiceKind;

/* Looks whether systemd has the unit; nothing is changed. Waits end by @cancellable. */
EstService *est_service_new (GCancellable *cancellable);

/* Forgets what was done. */
void est_service_free (EstService *service);

/* Starts the daemon unless one answers, and waits until it does. Errors are G_IO_ERROR,
   in words for a person. */
gboolean est_service_start (EstService *service, GError **error);

/* Has it started at each login, too. */
gboolean est_service_enable (EstService *service, GError **error);

/* Undoes what start and enable of this run did, the newest first, and no more: a daemon
   that ran before goes on. */
void est_service_undo_start (EstService *service);
void est_service_undo_enable (EstService *service);

EstServiceKind est_service_kind (const EstService *service);

/* Where the session finds it; NULL unless EST_SERVICE_AUTOSTART and enabled. */
const char *est_service_file (const EstService *service);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstService, est_service_free)
