/* password-command: a program of the person's own that prints the password. */
#pragma once

#include "base/secret.h"

#include <gio/gio.h>

/* Runs @argv until it ends or @cancellable is cancelled, then it and what it started are
   killed. It must print the password alone on its standard output, 64 KiB at most, and
   close it; one final line break is taken off. EST_CREDENTIALS_ERROR_COMMAND with how it
   ended and the first line of its standard error, or G_IO_ERROR_CANCELLED. Worker threads
   only. */
EstSecret *est_password_command_run (const char *const *argv,
                                     GCancellable *cancellable,
                                     GError **error);
