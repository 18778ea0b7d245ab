/* The group [online-accounts] of the settings file, and how the accounts of GNOME Online
   Accounts stand beside those of the file. Internal to account/. */
#pragma once

#include "account/settings.h"

#define EST_ONLINE_GROUP "online-accounts"

gboolean
est_online_group_read (GKeyFile *file, EstOnlineSettings *online, GError **error);

/* @settings (NULL: none yet) with @address among those that are ignored, as the value of
   the key. New string. */
char *est_online_group_ignore (const EstOnlineSettings *online, const char *address);
