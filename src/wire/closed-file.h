/* Reads a small file with a secret in it. Internal to wire/. */
#pragma once

#include <glib.h>

#define EST_CLOSED_FILE_LARGEST 65536 /* octets */

/* Into @text of EST_CLOSED_FILE_LARGEST octets, to be wiped. FALSE and why in @why (new
   string) unless it is a regular file of ours that nobody else can read or write. */
gboolean est_closed_file_read (const char *path, char *text, gsize *length, char **why);
