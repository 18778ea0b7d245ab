/* Whether a settings file is good. */
#pragma once

#include "cli/verb.h"

#include <glib.h>

typedef struct
{
  guint line;      /* that is wrong; 0: none in particular */
  char *complaint; /* NULL: the file is good */
} EstCheck;

/* Asks the daemon about @path; one that is not there is good. Anything but EST_EXIT_OK
   has been said. */
EstExit est_check_file (EstCheck *check, const char *path);

/* "FILE:LINE: what is wrong" on standard error. */
void est_check_tell (const EstCheck *check, const char *path);

void est_check_clear (EstCheck *check);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstCheck, est_check_clear)
