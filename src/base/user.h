/* What people call each other on this machine. Any thread; may wait for a directory
   service. */
#pragma once

#include <glib.h>

#define EST_USER_UNKNOWN G_MAXUINT32 /* a uid that cannot be told */

/* The login name of @uid, its number if it has none; NULL for EST_USER_UNKNOWN. New
   string. */
char *est_user_name (guint32 uid);

/* The uid of the login name, or of the number, @text; EST_USER_UNKNOWN if there is no
   such user. Numbers need no user. */
guint32 est_user_find (const char *text);
