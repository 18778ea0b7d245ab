/* The keys that name other users. Internal to account/. */
#pragma once

#include "account/settings-group.h"

/* An empty list of EstUser. */
GArray *est_user_list_new (void);

/* Reader of login names and numbers, separated by ";", into the GArray; those of a key
   whose @least is not 0 must sign in. A user whom this machine does not know is an error,
   for it may be a slip of the pen; a number is taken as it is. */
char *est_key_read_users (const EstKey *key, const char *value, gpointer field);
