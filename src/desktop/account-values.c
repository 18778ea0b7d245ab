/* Accounts and dictionaries. */
#include "desktop/account-values.h"

#include "account/proxy.h"
#include "base/user.h"

#include <string.h>

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

/* Without user and password; NULL for the desktop's own. */
static char *
show_proxy (const EstAccount *account)
{
  g_autoptr (EstProxy) proxy = est_proxy_parse (account->proxy);
  if (proxy != NULL)
    return est_proxy_show (proxy);
  return g_str_equal (account->proxy, "system") ? NULL : g_strdup (account->proxy);
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
  g_autofree char *proxy = show_proxy (account);
  g_autofree char *relay_user = est_user_name (account->relay_user);
  const struct
  {
    const char *key, *value;
  } pairs[] = {
    {"name",             account->name                                             },
    {"addresses",        addresses                                                 },
    {"host",             account->host                                             },
    {"port",             port                                                      },
    {"security",         est_security_nick (account->security)                     },
    {"auth",             account->auth                                             },
    {"user",             account->user                                             },
    {"ca-file",          account->ca_file                                          },
    {"certificate",      account->certificate                                      },
    {"key",              account->key                                              },
    {"pin",              pins                                                      },
    {"dane",             account->dane ? "true" : "false"                          },
    {"proxy",            proxy                                                     },
    {"relay-user",       relay_user                                                },
    {"password-command", command                                                   },
    {"credential",       account->credential                                       },
    {"token-command",    token_command                                             },
    {"oauth-issuer",     account->oauth.issuer                                     },
    {"oauth-client",     account->oauth.client                                     },
    {"oauth-scope",      account->oauth.scope                                      },
    {"oauth-authorize",  account->oauth.authorize                                  },
    {"oauth-token",      account->oauth.token                                      },
    {"oauth-device",     account->oauth.device                                     },
    {"connections",      connections                                               },
    {"too-large",        account->hold_too_large ? "hold" : "fail"                 },
    {"future-release",   account->future_release ? "true" : "false"                },
    {"default",          account->is_default ? "true" : "false"                    },
    {"online",           account->online != NULL ? account->online->provider : NULL},
    {"online-id",        account->online != NULL ? account->online->id : NULL      },
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
   the file: a program on the bus is not always the person. A proxy does not weaken the
   link, for what goes through is encrypted to the relay; but its password would be read
   along on the bus. */
static const char *
find_forbidden (const char *key, const char *value)
{
  static const char *const by_hand[] = {"password-command",
                                        "credential",
                                        "token-command",
                                        "ca-file",
                                        "certificate",
                                        "key",
                                        "pin",
                                        "relay-user",
                                        NULL};
  if (weakens_the_link (key, value))
    return "security=none";
  if (g_str_equal (key, "proxy") && strchr (value, '@') != NULL)
    return "a proxy with a user name";
  return g_strv_contains (by_hand, key) ? key : NULL;
}

gboolean
est_account_values_take (GVariant *values, GHashTable *table, GError **error)
{
  GVariantIter iterator;
  const char *key, *value;
  g_variant_iter_init (&iterator, values);
  while (g_variant_iter_next (&iterator, "{&s&s}", &key, &value))
    {
      const char *forbidden = find_forbidden (key, value);
      if (forbidden != NULL)
        {
          g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
                       "%s can be set only by hand in estafeta.conf", forbidden);
          return FALSE;
        }
      g_hash_table_insert (table, g_strdup (key), g_strdup (value));
    }
  return TRUE;
}
