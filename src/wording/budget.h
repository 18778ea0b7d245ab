/* Limits as people say them. Pure. */
#pragma once

#include <glib.h>

/* "20 messages a minute"; @what: "messages" or "recipients", @span: "minute", "hour" or
   "day". New string; NULL for anything else. */
char *est_wording_limit (const char *what, const char *span, guint limit);

/* Where a limit comes from, as a sentence: @source "settings", "provider", "default" or
   "learnt"; NULL for anything else. */
const char *est_wording_limit_source (const char *source);

/* The figures of BUDGET, "messages minute 20 default", as sentences; new string, NULL if
   they are not such. */
char *est_wording_budget (const char *figures);
