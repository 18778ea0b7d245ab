/* The snapshot that the rest of the program holds: loaded whole, asked for an account. */
#include "account/settings.h"
#include "account/settings-file.h"
#include "account/settings-parse.h"
#include "account/settings-text.h"

/* Where in the settings it is. */
typedef struct
{
  char *group, *key; /* NULL: not known, or not one */
  guint line;        /* 0: that of @key or @group */
} EstSettingsErrorPrivate;

static void
est_settings_error_private_init (EstSettingsErrorPrivate *place)
{
}

static void
est_settings_error_private_copy (const EstSettingsErrorPrivate *from,
                                 EstSettingsErrorPrivate *to)
{
  to->group = g_strdup (from->group);
  to->key = g_strdup (from->key);
  to->line = from->line;
}

static void
est_settings_error_private_clear (EstSettingsErrorPrivate *place)
{
  g_free (place->group);
  g_free (place->key);
}

G_DEFINE_EXTENDED_ERROR (EstSettingsError, est_settings_error)

void
est_settings_error_note (GError *error, const char *group, const char *key)
{
  if (error == NULL || error->domain != EST_SETTINGS_ERROR)
    return;
  EstSettingsErrorPrivate *place = est_settings_error_get_private (error);
  if (place->group != NULL)
    return;
  place->group = g_strdup (group);
  place->key = g_strdup (key);
}

void
est_settings_error_note_line (GError *error, guint line)
{
  if (error != NULL)
    est_settings_error_get_private (error)->line = line;
}

guint
est_settings_error_line (const GError *error, const char *text)
{
  if (error->domain != EST_SETTINGS_ERROR)
    return 0;
  const EstSettingsErrorPrivate *place = est_settings_error_get_private (error);
  if (place->line != 0)
    return place->line;
  return place->group != NULL ? est_settings_text_find (text, place->group, place->key)
                              : 0;
}

/* Whoever wrote the file finds it by its line; syntax errors say theirs already. */
static void
say_line (GError *error, const char *text)
{
  guint line = est_settings_error_line (error, text);
  if (line == 0 || error->code == EST_SETTINGS_ERROR_SYNTAX)
    return;
  char *words = g_strdup_printf ("Line %u: %s", line, error->message);
  g_free (error->message);
  error->message = words;
}

EstSettings *
est_settings_read (const char *text, gsize length, GError **error)
{
  GError *trouble = NULL;
  EstSettings *settings = est_settings_parse (text, length, &trouble);
  if (settings != NULL)
    return settings;
  say_line (trouble, text);
  g_propagate_error (error, trouble);
  return NULL;
}

EstSettings *
est_settings_load (const char *path, GError **error)
{
  gsize length;
  g_autofree char *text = est_settings_file_read (path, &length, error);
  return text != NULL ? est_settings_read (text, length, error) : NULL;
}

static void
clear (gpointer data)
{
  EstSettings *settings = data;
  g_strfreev (settings->submission.listen);
  g_strfreev (settings->submission.listen_tls);
  g_array_unref (settings->submission.users);
  g_strfreev (settings->online.ignore);
  g_ptr_array_unref (settings->accounts);
  g_hash_table_unref (settings->apps);
}

/* Everything that clear() lets go is taken again here. */
EstSettings *
est_settings_copy (const EstSettings *settings)
{
  EstSettings *other = g_atomic_rc_box_new0 (EstSettings);
  *other = *settings;
  other->submission.listen = g_strdupv (settings->submission.listen);
  other->submission.listen_tls = g_strdupv (settings->submission.listen_tls);
  g_array_ref (other->submission.users);
  other->online.ignore = g_strdupv (settings->online.ignore);
  other->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) est_account_unref);
  for (guint k = 0; k < settings->accounts->len; k++)
    g_ptr_array_add (other->accounts, est_account_ref (settings->accounts->pdata[k]));
  g_hash_table_ref (other->apps);
  return other;
}

EstSettings *
est_settings_ref (EstSettings *settings)
{
  return g_atomic_rc_box_acquire (settings);
}

void
est_settings_unref (EstSettings *settings)
{
  if (settings != NULL)
    g_atomic_rc_box_release_full (settings, clear);
}

EstAccount *
est_settings_find (const EstSettings *settings, const char *name)
{
  for (guint i = 0; i < settings->accounts->len; i++)
    {
      EstAccount *account = settings->accounts->pdata[i];
      if (g_str_equal (account->name, name))
        return account;
    }
  return NULL;
}

EstAccount *
est_settings_route (const EstSettings *settings, const char *sender)
{
  EstAccount *firmest = NULL;
  EstClaim most = EST_CLAIM_NONE;
  for (guint i = 0; i < settings->accounts->len; i++)
    {
      EstAccount *account = settings->accounts->pdata[i];
      EstClaim claim = est_account_claim (account, sender);
      if (claim > most)
        firmest = account;
      most = MAX (most, claim);
    }
  return firmest;
}

EstAccount *
est_settings_owner (const EstSettings *settings, const char *address)
{
  EstAccount *account = est_settings_route (settings, address);
  return account != NULL && est_account_claim (account, address) > EST_CLAIM_DEFAULT
           ? account
           : NULL;
}

EstPermission
est_settings_permission (const EstSettings *settings, const char *program)
{
  return program != NULL ? GPOINTER_TO_INT (g_hash_table_lookup (settings->apps, program))
                         : EST_PERMISSION_ASK;
}
