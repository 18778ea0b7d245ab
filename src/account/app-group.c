/* Apps and what they may. The keys are names and not a fixed few, so that a misspelt one
   shows only by its kind. */
#include "account/app-group.h"
#include "base/nearest.h"
#include "base/origin.h"

#include <string.h>

#define NAME_LIMIT 255 /* octets */

static const char *const kinds[] = {"flatpak", "snap", "container", NULL};

static const char *const nicks[] = {
  [EST_PERMISSION_ASK] = "ask",
  [EST_PERMISSION_ALLOW] = "allow",
  [EST_PERMISSION_REFUSE] = "refuse",
};

const char *
est_permission_nick (EstPermission permission)
{
  return nicks[permission];
}

static gboolean
is_kind (const char *program)
{
  for (const char *const *kind = kinds; *kind != NULL; kind++)
    if (g_str_has_prefix (program, *kind) && program[strlen (*kind)] == ':')
      return TRUE;
  return FALSE;
}

/* Nothing that would be more than a key in a key file, and nobody who shares the name
   with all others that have none: a yes to one would be a yes to all. */
gboolean
est_app_is_valid (const char *program)
{
  if (!is_kind (program) || strlen (program) > NAME_LIMIT)
    return FALSE;
  const char *name = strchr (program, ':') + 1;
  return *name != '\0' && !g_str_equal (name, EST_ORIGIN_NAMELESS)
         && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-+:@/")
              == strlen (name);
}

static gboolean
complain_name (const char *name, GError **error)
{
  const char *colon = strchr (name, ':');
  g_autofree char *kind = colon != NULL ? g_strndup (name, colon - name) : NULL;
  const char *near = kind != NULL && !is_kind (name) ? est_nearest (kind, kinds) : NULL;
  if (near != NULL)
    g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
                 "In [" EST_APP_GROUP "], \"%s\" is no app; did you mean \"%s%s\"?", name,
                 near, colon);
  else
    g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
                 "In [" EST_APP_GROUP "], \"%s\" is no app; write flatpak:, snap: or "
                 "container: and its name.",
                 name);
  return FALSE;
}

static gboolean
read_value (GKeyFile *file, const char *name, GHashTable *apps, GError **error)
{
  g_autofree char *value = g_key_file_get_value (file, EST_APP_GROUP, name, error);
  if (value == NULL)
    return FALSE;
  g_strstrip (value);
  for (EstPermission permission = EST_PERMISSION_ALLOW; permission < G_N_ELEMENTS (nicks);
       permission++)
    if (g_ascii_strcasecmp (value, nicks[permission]) == 0)
      {
        g_hash_table_insert (apps, g_strdup (name), GINT_TO_POINTER (permission));
        return TRUE;
      }
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
               "In [" EST_APP_GROUP "], %s must be allow or refuse, not \"%s\".", name,
               value);
  return FALSE;
}

gboolean
est_app_group_read (GKeyFile *file, GHashTable *apps, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_keys (file, EST_APP_GROUP, NULL, error);
  if (names == NULL)
    return FALSE;
  for (char **name = names; *name != NULL; name++)
    {
      if (!est_app_is_valid (*name))
        return complain_name (*name, error);
      if (!read_value (file, *name, apps, error))
        return FALSE;
    }
  return TRUE;
}
