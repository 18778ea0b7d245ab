/* Accounts, the port and what is said about apps, put into and taken out of the settings
   file by the program; everything else in it stays as the person wrote it. */
#include "account/account-group.h"
#include "account/app-group.h"
#include "account/online-group.h"
#include "account/settings-file.h"
#include "account/settings-parse.h"
#include "account/settings-text.h"

#include <string.h>

/* The text as it stands; NULL if it is broken: nothing is built on a broken file. */
static char *
read_good (const char *path, EstSettings **settings, GError **error)
{
  gsize length;
  g_autofree char *text = est_settings_file_read (path, &length, error);
  if (text == NULL)
    return NULL;
  *settings = est_settings_parse (text, length, error);
  return *settings != NULL ? g_steal_pointer (&text) : NULL;
}

static gboolean
write_good (const char *path, const char *text, GError **error)
{
  g_autoptr (EstSettings) settings = est_settings_parse (text, strlen (text), error);
  return settings != NULL && est_settings_file_replace (path, text, error);
}

/* The file with one account more. */
static char *
add_text (const char *path, const char *name, GHashTable *values, GError **error)
{
  g_autoptr (EstSettings) settings = NULL;
  g_autofree char *before = read_good (path, &settings, error);
  if (before == NULL)
    return NULL;
  if (!est_account_name_is_valid (name))
    {
      g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
                   "An account's name must be 1 to 64 letters, digits, or -_.@.");
      return NULL;
    }
  if (est_settings_find (settings, name) != NULL)
    {
      g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME,
                   "There is an account \"%s\" already.", name);
      return NULL;
    }
  g_autofree char *group = est_account_group_of (name);
  return est_settings_text_append (before, group, values, error);
}

static gboolean
is_good (const char *text, GError **error)
{
  g_autoptr (EstSettings) settings = est_settings_parse (text, strlen (text), error);
  return settings != NULL;
}

gboolean
est_settings_can_add (const char *path,
                      const char *name,
                      GHashTable *values,
                      GError **error)
{
  g_autofree char *after = add_text (path, name, values, error);
  return after != NULL && is_good (after, error);
}

gboolean
est_settings_add_account (const char *path,
                          const char *name,
                          GHashTable *values,
                          GError **error)
{
  g_autofree char *after = add_text (path, name, values, error);
  return after != NULL && write_good (path, after, error);
}

EstAccount *
est_settings_make_account (const char *name, GHashTable *values, GError **error)
{
  g_autofree char *group = est_account_group_of (name);
  g_autofree char *text = est_settings_text_append ("", group, values, error);
  g_autoptr (EstSettings) settings
    = text != NULL ? est_settings_parse (text, strlen (text), error) : NULL;
  return settings != NULL ? est_account_ref (settings->accounts->pdata[0]) : NULL;
}

static gboolean
find_account (const EstSettings *settings, const char *name, GError **error)
{
  if (est_settings_find (settings, name) != NULL)
    return TRUE;
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME,
               "There is no account \"%s\".", name);
  return FALSE;
}

gboolean
est_settings_remove_account (const char *path, const char *name, GError **error)
{
  g_autoptr (EstSettings) settings = NULL;
  g_autofree char *before = read_good (path, &settings, error);
  if (before == NULL)
    return FALSE;
  if (!find_account (settings, name, error))
    return FALSE;

  g_autofree char *group = est_account_group_of (name);
  g_autofree char *after = est_settings_text_cut (before, group);
  return write_good (path, after, error);
}

static char *
set_lines (const char *text, const char *group, GHashTable *values, GError **error)
{
  gpointer key, value;
  GHashTableIter iterator;
  g_autofree char *after = g_strdup (text);
  g_hash_table_iter_init (&iterator, values);
  while (g_hash_table_iter_next (&iterator, &key, &value))
    {
      g_autofree char *before = g_steal_pointer (&after);
      if (!est_settings_text_stays (key, value))
        {
          g_set_error_literal (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
                               "A key or value does not fit on one line.");
          return NULL;
        }
      after = est_settings_text_set (before, group, key,
                                     *(const char *) value != '\0' ? value : NULL);
    }
  return g_steal_pointer (&after);
}

/* The file with other values of an account. */
static char *
edit_text (const char *path, const char *name, GHashTable *values, GError **error)
{
  g_autoptr (EstSettings) settings = NULL;
  g_autofree char *before = read_good (path, &settings, error);
  if (before == NULL || !find_account (settings, name, error))
    return NULL;
  g_autofree char *group = est_account_group_of (name);
  return set_lines (before, group, values, error);
}

gboolean
est_settings_can_edit (const char *path,
                       const char *name,
                       GHashTable *values,
                       GError **error)
{
  g_autofree char *after = edit_text (path, name, values, error);
  return after != NULL && is_good (after, error);
}

gboolean
est_settings_edit_account (const char *path,
                           const char *name,
                           GHashTable *values,
                           GError **error)
{
  g_autofree char *after = edit_text (path, name, values, error);
  return after != NULL && write_good (path, after, error);
}

gboolean
est_settings_set_pin (const char *path, const char *name, const char *pin, GError **error)
{
  g_autoptr (EstSettings) settings = NULL;
  g_autofree char *before = read_good (path, &settings, error);
  if (before == NULL || !find_account (settings, name, error))
    return FALSE;
  g_autofree char *group = est_account_group_of (name);
  g_autofree char *after = est_settings_text_set (before, group, "pin", pin);
  return write_good (path, after, error);
}

gboolean
est_settings_set_listen (const char *path, const char *listen, GError **error)
{
  g_autoptr (EstSettings) settings = NULL;
  g_autofree char *before = read_good (path, &settings, error);
  if (before == NULL)
    return FALSE;
  g_autofree char *after = est_settings_text_set (before, "submission", "listen", listen);
  if (listen != NULL || !est_settings_text_is_bare (after, "submission"))
    return write_good (path, after, error);
  g_autofree char *cut = est_settings_text_cut (after, "submission");
  return write_good (path, cut, error);
}

gboolean
est_settings_permit (const char *path,
                     const char *program,
                     EstPermission permission,
                     GError **error)
{
  g_autoptr (EstSettings) settings = NULL;
  g_autofree char *before = read_good (path, &settings, error);
  if (before == NULL)
    return FALSE;
  if (!est_app_is_valid (program))
    {
      g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME,
                   "There is no app \"%s\".", program);
      return FALSE;
    }
  if (est_settings_permission (settings, program) == permission)
    return TRUE;

  const char *word
    = permission != EST_PERMISSION_ASK ? est_permission_nick (permission) : NULL;
  g_autofree char *after = est_settings_text_set (before, EST_APP_GROUP, program, word);
  return write_good (path, after, error);
}

gboolean
est_settings_ignore (const char *path, const char *address, GError **error)
{
  g_autoptr (EstSettings) settings = NULL;
  g_autofree char *before = read_good (path, &settings, error);
  if (before == NULL)
    return FALSE;
  g_autofree char *all = est_online_group_ignore (&settings->online, address);
  g_autofree char *after
    = est_settings_text_set (before, EST_ONLINE_GROUP, "ignore", all);
  return write_good (path, after, error);
}
