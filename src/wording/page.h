/* The page that a browser shows when it has brought back the answer of a sign-in. */
#pragma once

#include <glib.h>

/* A whole document of HTML without scripts, styles or links. @good: there was no error.
   New string. */
char *est_wording_page (gboolean good);
