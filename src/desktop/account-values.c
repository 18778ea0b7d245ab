/* Accounts and dictionaries. */
#include "desktop/account-values.h"

static char *
join (char **argv)
{
  return argv != NULL ? g_strjoinv (" ", argv) : NULL;
}

/* What the settings say of it. */
static void
add_budget (const EstAccount *account, GVariantBuilder *list)
{
  static const char *const spans[EST_N_SPANS] = {"minute", "hour", "day"};
  for (EstSpan span = 0; span < EST_N_SPANS; span++)
    {
      const struct
      {
        const char *what;
        int figure;
      } pairs[] = {
        {"messages",   account->budget.messages[span]  },
        {"recipients", account->budget.recipients[span]}
      };
      for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
        {
          g_autofree char *key
            = g_strdup_printf ("%s-per-%s", pairs[i].what, spans[span]);
          g_autofree char *value = g_strdup_printf ("%d", pairs[i].figure);
          if (pairs[i].figure >= 0)
            g_variant_builder_add (list, "{ss}", key, value);
        }
    }
}

void
est_account_values_add (const EstAccount *account, GVariantBuilder *list)
{
  g_autofree char *addresses = g_strjoinv ("; ", account->addresses);
  g_autofree char *port = g_strdup_printf ("%u", account->port);
  g_autofree char *connections
    = account->connections != 0 ? g_strdup_printf ("%u", account->connections) : NULL;
  g_autofree char *command = join (account->password_command);
  g_autofree char *token_command = join (account->token_command);
  g_autofree char *pins = account->pins != NULL ? g_strjoinv ("; ", account->pins) : NULL;
  const struct
  {
    const char *key, *value;
  } pairs[] = {
    {"name",             account->name                         },
    {"addresses",        addresses                             },
    {"host",             account->host                         },
    {"port",             port                                  },
    {"security",         est_security_nick (account->security) },
    {"auth",             account->auth                         },
    {"user",             account->user                         },
    {"ca-file",          account->ca_file                      },
    {"certificate",      account->certificate                  },
    {"key",              account->key                          },
    {"pin",              pins                                  },
    {"dane",             account->dane ? "true" : "false"      },
    {"password-command", command                               },
    {"token-command",    token_command                         },
    {"connections",      connections                           },
    {"default",          account->is_default ? "true" : "false"},
  };
  g_variant_builder_open (list, G_VARIANT_TYPE ("a{ss}"));
  add_budget (account, list);
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

/* What runs programs, names files, or decides whom to believe, can be set only by hand in
   the file: a program on the bus is not always the person. */
static gboolean
is_by_hand (const char *key)
{
  static const char *const keys[] = {"password-command", "token-command", "ca-file",
                                     "certificate",      "key",           "pin",
                                     NULL};
  return g_strv_contains (keys, key);
}

gboolean
est_account_values_take (GVariant *values, GHashTable *table, GError **error)
{
  GVariantIter iterator;
  const char *key, *value;
  g_variant_iter_init (&iterator, values);
  while (g_variant_iter_next (&iterator, "{&s&s}", &key, &value))
    {
      gboolean none = weakens_the_link (key, value);
      if (none || is_by_hand (key))
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
