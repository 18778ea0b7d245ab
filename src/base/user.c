/* Names of users. */
#include "base/user.h"

#include <pwd.h>

#define ENTRY_LIMIT 16384 /* octets of all of one user's texts */

char *
est_user_name (guint32 uid)
{
  char texts[ENTRY_LIMIT];
  struct passwd entry, *found = NULL;
  if (uid == EST_USER_UNKNOWN)
    return NULL;
  if (getpwuid_r (uid, &entry, texts, sizeof texts, &found) != 0 || found == NULL)
    return g_strdup_printf ("%u", uid);
  return g_strdup (found->pw_name);
}

guint32
est_user_find (const char *text)
{
  guint64 number;
  char texts[ENTRY_LIMIT];
  struct passwd entry, *found = NULL;
  if (g_ascii_string_to_unsigned (text, 10, 0, EST_USER_UNKNOWN - 1, &number, NULL))
    return (guint32) number;
  if (getpwnam_r (text, &entry, texts, sizeof texts, &found) != 0 || found == NULL)
    return EST_USER_UNKNOWN;
  return found->pw_uid;
}
