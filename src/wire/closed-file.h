/* Reads a small file with a secret in it. Internal to wire/. */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#define EST_CLOSED_FILE_LARGEST 65536 /* octets */

/* Why a secret in such a file is not used, as the end of a sentence; NULL if it is. */
const char *est_closed_file_danger (const struct stat *status);

/* Into @text of EST_CLOSED_FILE_LARGEST octets, to be wiped. FALSE and why in @why (new
   string) unless it is a regular file of ours that nobody else can read or write. */
gboolean est_closed_file_read (const char *path, char *text, gsize *length, char **why);
