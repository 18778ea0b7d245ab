/* What people call each other on this machine. */
#pragma once

#include <glib.h>

#define EST_USER_UNKNOWN G_MAXUINT32 /* a uid that cannot be told */

/* The login name of @uid, its number if it has none; NULL for EST_USER_UNKNOWN. New
   string. */
char *est_user_name (guint32 uid);
