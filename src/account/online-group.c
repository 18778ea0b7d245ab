/* What the person says about accounts that are not the file's own. */
#include "account/online-group.h"
#include "account/settings-group.h"
#include "mail/address.h"

gboolean
est_online_group_read (GKeyFile *file, EstOnlineSettings *online, GError **error)
{
  static const EstKey keys[] = {
    {"use", est_key_read_boolean, G_STRUCT_OFFSET (EstOnlineSettings, use),                       0,                                0},
    {"ignore",     est_key_read_addresses,                  G_STRUCT_OFFSET (EstOnlineSettings,                          ignore), 0, 0},
    {NULL,    NULL,                        0,                                                       0,                                                                          0                                                                                 },
  };
  return est_group_read (file, EST_ONLINE_GROUP, keys, online, error);
}

char *
est_online_group_ignore (const EstOnlineSettings *online, const char *address)
{
  g_autofree char *before
    = online->ignore != NULL ? g_strjoinv ("; ", online->ignore) : g_strdup ("");
  return *before != '\0' ? g_strconcat (before, "; ", address, NULL) : g_strdup (address);
}

static gboolean
is_ignored (const EstOnlineSettings *online, const char *address)
{
  for (char **ignored = online->ignore; ignored != NULL && *ignored != NULL; ignored++)
    if (est_address_equal (*ignored, address))
      return TRUE;
  return FALSE;
}

/* What the person has written counts more than what the desktop knows: also a whole
   domain. */
static gboolean
has_room_for (const EstSettings *settings, const EstAccount *account)
{
  const EstAccount *owner = est_settings_owner (settings, account->addresses[0]);
  return !is_ignored (&settings->online, account->addresses[0])
         && est_settings_find (settings, account->name) == NULL
         && (owner == NULL
             || est_account_claim (owner, account->addresses[0]) == EST_CLAIM_TAG);
}

EstSettings *
est_settings_join (const EstSettings *settings, const GPtrArray *online, gboolean awaited)
{
  EstSettings *joined = est_settings_copy (settings);
  joined->awaited = awaited;
  for (guint i = 0; settings->online.use && i < online->len; i++)
    if (has_room_for (joined, online->pdata[i]))
      g_ptr_array_add (joined->accounts, est_account_ref (online->pdata[i]));
  return joined;
}
