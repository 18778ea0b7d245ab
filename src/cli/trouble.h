/* Words and exit code for a call that failed. */
#pragma once

#include "cli/verb.h"

#include <gio/gio.h>

/* Says on standard error that no daemon runs, and how to start it. */
EstExit est_trouble_no_daemon (void);

/* Says on standard error what @error means. @account: the one it was about, NULL if
   none. */
EstExit est_trouble_report (const GError *error, const char *account);
