/* The file prefs.js of Mozilla's programs: lines of user_pref("NAME", VALUE);. Pure.
   Internal to web/. */
#pragma once

#include <glib.h>

/* Name -> value (a text's text, a number's digits, "true" or "false") of those whose name
   begins with @prefix. What is longer than 2048 octets, or makes no sense, is left out; a
   later line counts more. */
GHashTable *est_prefs_parse (const char *text, const char *prefix);
