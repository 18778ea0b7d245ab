/* How a sign-in or a refreshing by OAuth 2.0 fails, in the words of the record "failed".
   The message of such an error is the server's, or GIO's where there was no server.
   Internal to web/. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_FAILURE_DENIED,         /* the person said no */
  EST_FAILURE_EXPIRED,        /* nobody came in time */
  EST_FAILURE_INVALID_GRANT,  /* the refresh token or code is worth nothing any more */
  EST_FAILURE_CLIENT,         /* the client id is refused, or none is given out */
  EST_FAILURE_CLIENT_MISSING, /* there is none, and no way to get one */
  EST_FAILURE_UNREACHABLE,    /* network, name, TLS, time */
  EST_FAILURE_SERVER,         /* it has trouble, and may not have it later */
  EST_FAILURE_ANSWER,         /* nonsense */
  EST_FAILURE_NO_REFRESH,     /* a sign-in that would end within the hour */
  EST_FAILURE_REFUSED,        /* any other error of RFC 6749 */
  EST_FAILURE_PENDING,        /* RFC 8628 3.5: ask again */
  EST_FAILURE_SLOW_DOWN,      /* the same, but more slowly */
} EstFailure;

#define EST_FAILURE (est_failure_quark ())
GQuark est_failure_quark (void);

/* "invalid-grant" ...; @error is of EST_FAILURE. */
const char *est_failure_nick (const GError *error);

/* FALSE, with an error. @code: what a server calls it (RFC 6749 4.1.2.1 and 5.2, RFC 8628
   3.5); @description NULL: it says no more. */
gboolean est_failure_set_code (GError **error, const char *code, const char *description);

/* FALSE, with an error for what est_fetch() said; takes @cause. */
gboolean est_failure_set_fetch (GError **error, GError *cause);
