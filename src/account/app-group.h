/* The group [apps] of the settings file. */
#pragma once

#include "account/settings.h"

#define EST_APP_GROUP "apps"

/* Fills @apps (program -> EstPermission) from the group; EST_SETTINGS_ERROR_VALUE for a
   name that is no app's, or another word than allow or refuse. */
gboolean est_app_group_read (GKeyFile *file, GHashTable *apps, GError **error);
