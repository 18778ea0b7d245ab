/* The settings file on disk: it decides which programs are run and where passwords go, so
   it is believed only if nobody else can have written it. */
#pragma once

#include "account/settings.h"

#include <gio/gio.h>

/* The whole text, "" if there is no such file. EST_SETTINGS_ERROR_UNSAFE if it is not a
   regular file of ours that only we can write (a symbolic link to one will do), or over
   1 MiB; a G_IO_ERROR if it cannot be read. */
char *est_settings_file_read (const char *path, gsize *length, GError **error);

/* The same of a regular file, whoever's, that somebody handed over open. */
char *est_settings_file_read_from (int fd, gsize *length, GError **error);

/* The same of a file that must not be readable by others either. */
char *est_settings_file_read_private (const char *path, gsize *length, GError **error);

/* Writes the whole file anew, 0600, in a folder that is made 0700 if it is missing. */
gboolean est_settings_file_replace (const char *path, const char *text, GError **error);
