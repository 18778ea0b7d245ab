/* The loop over a group's keys, and the complaint about one that does not exist: a
   misspelt key must not be silently without effect. */
#include "account/settings-group.h"
#include "base/nearest.h"

static const EstKey *
find_key (const EstKey *keys, const char *name)
{
  for (; keys->name != NULL; keys++)
    if (g_str_equal (keys->name, name))
      return keys;
  return NULL;
}

/* The value is never repeated here: whoever writes such a key wrote a secret
   behind it. */
static gboolean
looks_like_secret (const char *name)
{
  static const char *const words[]
    = {"password", "passwd", "pass", "secret", "token", "smtp-password", NULL};
  return g_strv_contains (words, name);
}

static const char *
suggest_key (const EstKey *keys, const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (; keys->name != NULL; keys++)
    g_ptr_array_add (names, (gpointer) keys->name);
  g_ptr_array_add (names, NULL);
  return est_nearest (name, (const char *const *) names->pdata);
}

static void
complain_unknown (const EstKey *keys, const char *group, const char *name, GError **error)
{
  g_autofree char *advice = NULL;
  const char *near = suggest_key (keys, name);
  if (looks_like_secret (name))
    advice = g_strdup ("; a password never stands in this file: keep it in the keyring "
                       "or let password-command print it.");
  else if (near != NULL)
    advice = g_strdup_printf ("; did you mean \"%s\"?", near);
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
               "In [%s] there is no key \"%s\"%s", group, name,
               advice != NULL ? advice : ".");
}

static gboolean
read_key (
  GKeyFile *file, const char *group, const EstKey *key, gpointer target, GError **error)
{
  /* Raw, so that user=DOMAIN\name and a command's own quoting need no further
     escaping. */
  g_autofree char *value = g_key_file_get_value (file, group, key->name, error);
  if (value == NULL)
    return FALSE;

  gpointer field = (char *) target + key->offset;
  g_autofree char *complaint = key->read (key, g_strstrip (value), field);
  if (complaint == NULL)
    return TRUE;
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE, "In [%s], %s %s.",
               group, key->name, complaint);
  return FALSE;
}

gboolean
est_group_read (
  GKeyFile *file, const char *group, const EstKey *keys, gpointer target, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_keys (file, group, NULL, error);
  if (names == NULL)
    return FALSE;

  for (char **name = names; *name != NULL; name++)
    {
      const EstKey *key = find_key (keys, *name);
      if (key != NULL && read_key (file, group, key, target, error))
        continue;
      if (key == NULL)
        complain_unknown (keys, group, *name, error);
      est_settings_error_note (error != NULL ? *error : NULL, group, *name);
      return FALSE;
    }
  return TRUE;
}
