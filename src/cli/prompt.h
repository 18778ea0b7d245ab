/* Gets a password from the person or from a script, without showing it anywhere, and
   answers of the person. */
#pragma once

#include "base/secret.h"

/* One line of standard input, without its line break: from a terminal after @question and
   without echo, else as it comes. NULL with an error (G_IO_ERROR) if there is none or it
   is longer than 64 KiB. A signal that ends or stops the program gives the terminal its
   echo back first; one that is watched (cli/interrupt.h) makes it end with
   G_IO_ERROR_CANCELLED. */
EstSecret *est_prompt_secret (const char *question, GError **error);

/* One line from the terminal at standard input, after @question, without blanks around
   it;
   "" if only the key was pressed. NULL with an error: G_IO_ERROR_CLOSED if there is no
   more input. The same with signals. */
char *est_prompt_line (const char *question, GError **error);

/* An unnamed file with @secret (NULL: empty) to be read from its start, for D-Bus. -1
   with an error. */
int est_prompt_as_file (EstSecret *secret, GError **error);
