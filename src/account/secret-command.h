/* password-command and token-command: programs of the person's own that print a secret.
 */
#pragma once

#include "base/secret.h"

#include <gio/gio.h>

/* What counts as the secret in what a program prints. */
typedef struct EstSecretCommand EstSecretCommand;

/* The password alone; one final line break is taken off. */
extern const EstSecretCommand est_password_command;

/* An OAuth 2.0 access token on the first line; what follows is not ours. */
extern const EstSecretCommand est_token_command;

/* Runs @argv until it ends or @cancellable is cancelled, then it and what it started are
   killed. It must print the secret on its standard output, 64 KiB at most, and close it.
   EST_CREDENTIALS_ERROR_COMMAND with the key's name, how it ended and the first line of
   its standard error, or G_IO_ERROR_CANCELLED. Worker threads only. */
EstSecret *est_secret_command_run (const EstSecretCommand *command,
                                   const char *const *argv,
                                   GCancellable *cancellable,
                                   GError **error);
