/* Accounts and dictionaries. */
#include "desktop/account-values.h"

void
est_account_values_add (const EstAccount *account, GVariantBuilder *list)
{
  g_autofree char *addresses = g_strjoinv ("; ", account->addresses);
  g_autofree char *port = g_strdup_printf ("%u", account->port);
  g_autofree char *command
    = account->password_command ? g_strjoinv (" ", account->password_command) : NULL;
  const struct
  {
    const char *key, *value;
  } pairs[] = {
    {"name",             account->name                             },
    {"addresses",        addresses                                 },
    {"host",             account->host                             },
    {"port",             port                                      },
    {"security",         est_security_nick (account->security)     },
    {"auth",             account->auth                             },
    {"user",             account->user                             },
    {"ca-file",          account->ca_file                          },
    {"password-command", command                                   },
    {"too-large",        account->hold_too_large ? "hold" : "fail" },
    {"future-release",   account->future_release ? "true" : "false"},
    {"default",          account->is_default ? "true" : "false"    },
  };
  g_variant_builder_open (list, G_VARIANT_TYPE ("a{ss}"));
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (pairs[i].value != NULL)
      g_variant_builder_add (list, "{ss}", pairs[i].key, pairs[i].value);
  g_variant_builder_close (list);
}

/* As the settings will read it: blanks around a value and capitals do not count. */
static gboolean
weakens_the_link (const char *key, const char *value)
{
  g_autofree char *bare = g_strstrip (g_strdup (value));
  return g_str_equal (key, "security") && g_ascii_strcasecmp (bare, "none") == 0;
}

/* What runs programs or weakens the link can be set only by hand in the file: a program
   on the bus is not always the person. */
gboolean
est_account_values_take (GVariant *values, GHashTable *table, GError **error)
{
  GVariantIter iterator;
  const char *key, *value;
  g_variant_iter_init (&iterator, values);
  while (g_variant_iter_next (&iterator, "{&s&s}", &key, &value))
    {
      gboolean none = weakens_the_link (key, value);
      if (none || g_str_equal (key, "password-command") || g_str_equal (key, "ca-file"))
        {
          g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
                       "%s%s can be set only by hand in estafeta.conf", key,
                       none ? "=none" : "");
          return FALSE;
        }
      g_hash_table_insert (table, g_strdup (key), g_strdup (value));
    }
  return TRUE;
}
