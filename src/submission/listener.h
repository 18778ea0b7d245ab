/* Where programs hand mail in: the TCP addresses of the settings and the Unix socket. One
   thread per conversation, a bound on their number, 421 beyond it. Main loop only. */
#pragma once

#include "intake/intake.h"

typedef struct EstListener EstListener;

/* An address that cannot be had. */
typedef struct
{
  char *address;  /* "127.0.0.1:2525" */
  gboolean taken; /* somebody listens there; else another trouble */
  guint32 uid;    /* whose it is; EST_USER_UNKNOWN: cannot be told */
  char *problem;  /* in English */
} EstListenerTrouble;

/* Listens at everything it can; what it cannot get is no error but a trouble. Without the
   Unix socket in $XDG_RUNTIME_DIR it does without. */
EstListener *est_listener_new (EstIntake *intake);

/* The settings may be others now: opens what is new, closes what is gone, and tries again
   what could not be had. Conversations go on. */
void est_listener_update (EstListener *listener);

/* Opens the first port from @first on that is free at 127.0.0.1 and at ::1, or that it
   has open already, and holds it until the next update: the settings must say it by then.
   0 with an error (G_IO_ERROR_ADDRESS_IN_USE) if @most ports are all taken. */
guint16 est_listener_hold_free_port (EstListener *listener,
                                     guint16 first,
                                     guint most,
                                     GError **error);

/* Accepts no more, ends the conversations (what was acknowledged is stored) and waits for
   their threads. */
void est_listener_free (EstListener *listener);

/* Where it listens: "127.0.0.1:2525", "tls:127.0.0.1:2465", "unix:/run/...";
 * NULL-terminated, borrowed until the next update. */
const char *const *est_listener_addresses (EstListener *listener);

/* EstListenerTrouble; borrowed likewise. */
GPtrArray *est_listener_troubles (EstListener *listener);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstListener, est_listener_free)
