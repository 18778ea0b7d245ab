/* Names of users. */
#include "base/user.h"

#include <pwd.h>

char *
est_user_name (guint32 uid)
{
  if (uid == EST_USER_UNKNOWN)
    return NULL;
  const struct passwd *entry = getpwuid (uid);
  return entry != NULL ? g_strdup (entry->pw_name) : g_strdup_printf ("%u", uid);
}
