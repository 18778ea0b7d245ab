/* The snapshot that the rest of the program holds: loaded whole, asked for an account. */
#include "account/settings.h"
#include "account/settings-file.h"
#include "account/settings-parse.h"

G_DEFINE_QUARK (est_settings_error, est_settings_error)

EstSettings *
est_settings_load (const char *path, GError **error)
{
  gsize length;
  g_autofree char *text = est_settings_file_read (path, &length, error);
  return text != NULL ? est_settings_parse (text, length, error) : NULL;
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
