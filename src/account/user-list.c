/* Other users by name, looked up when the settings are read: whoever connects later is
   compared by number only. */
#include "account/user-list.h"

#include "base/user.h"

#include <unistd.h>

static void
clear_user (gpointer data)
{
  EstUser *user = data;
  g_free (user->name);
}

GArray *
est_user_list_new (void)
{
  GArray *users = g_array_new (FALSE, FALSE, sizeof (EstUser));
  g_array_set_clear_func (users, clear_user);
  return users;
}

static const EstUser *
find (const GArray *users, guint32 uid)
{
  for (guint i = 0; i < users->len; i++)
    if (g_array_index (users, EstUser, i).uid == uid)
      return &g_array_index (users, EstUser, i);
  return NULL;
}

static char *
add (GArray *users, const char *name, gboolean must_sign_in)
{
  guint32 uid = est_user_find (name);
  if (uid == EST_USER_UNKNOWN)
    return g_strdup_printf ("must be login names or numbers of users, separated by "
                            "\";\", but this machine has no user \"%s\"",
                            name);
  if (uid == geteuid ())
    return must_sign_in ? g_strdup_printf (
             "must not name \"%s\": your own programs need not sign in", name)
                        : NULL;
  const EstUser *known = find (users, uid);
  if (known != NULL && known->must_sign_in != must_sign_in)
    return g_strdup_printf ("must not name \"%s\", who stands in %s as well", name,
                            must_sign_in ? "users" : "token-users");
  if (known == NULL)
    {
      EstUser user = {uid, g_strdup (name), must_sign_in};
      g_array_append_val (users, user);
    }
  return NULL;
}

char *
est_key_read_users (const EstKey *key, const char *value, gpointer field)
{
  char *complaint = NULL;
  g_auto (GStrv) names = NULL;
  est_key_read_list (key, value, &names);
  for (char **name = names; complaint == NULL && *name != NULL; name++)
    complaint = add (*(GArray **) field, *name, key->least != 0);
  return complaint;
}
