/* Signing in at a provider's web page, with the person at the terminal: shows where,
   opens the browser, waits. */
#pragma once

#include "cli/verb.h"

#include <gio/gio.h>

typedef struct
{
  const char *account; /* its name */
  GVariant *values;    /* a{ss}, floating: of one that is not in the settings yet, with
                          oauth-...; NULL: there is such an account */
  gboolean by_code;
  gboolean no_browser;
  gboolean quiet; /* nothing on standard output, which is for JSON */
} EstSignInCall;

typedef enum
{
  EST_SIGN_IN_DONE,
  EST_SIGN_IN_FAILED,       /* has been said */
  EST_SIGN_IN_NO_CLIENT,    /* the provider wants to know us beforehand; not said */
  EST_SIGN_IN_INTERRUPTED,  /* by @cancellable */
  EST_SIGN_IN_NO_DAEMON,    /* has been said */
  EST_SIGN_IN_NOT_POSSIBLE, /* the account is of another kind; has been said */
} EstSignInOutcome;

/* Until it is through. @found: what is known now, a{ss} with keys "oauth-..."; NULL
   unless DONE. */
EstSignInOutcome
est_sign_in_call (const EstSignInCall *call, GCancellable *cancellable, GVariant **found);

/* What EST_SIGN_IN_NO_CLIENT means, as a sentence. */
const char *est_sign_in_no_client (void);
