/* Gets a password from the person or from a script, without showing it anywhere. */
#pragma once

#include "base/secret.h"

/* One line of standard input, without its line break: from a terminal after @question and
   without echo, else as it comes. NULL with an error (G_IO_ERROR) if there is none or it
   is longer than 64 KiB. A signal that ends or stops the program gives the terminal its
   echo back first. */
EstSecret *est_prompt_secret (const char *question, GError **error);

/* An unnamed file with @secret (NULL: empty) to be read from its start, for D-Bus. -1
   with an error. */
int est_prompt_as_file (EstSecret *secret, GError **error);
