/* The task "refresh": a new access token for a refresh token (RFC 6749 6). Internal to
   web/. */
#pragma once

#include <glib.h>

/* Prints one record, "grant" or "failed". */
void est_refresh_run (GHashTable *input);
