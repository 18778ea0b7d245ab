#include "cli/account-wish.h"

#include "wording/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define WORD_LIMIT 40

void
est_account_wish_clear (EstAccountWish *wish)
{
  g_clear_pointer (&wish->addresses, g_strfreev);
  g_clear_pointer (&wish->host, g_free);
  g_clear_pointer (&wish->security, g_free);
  g_clear_pointer (&wish->auth, g_free);
  g_clear_pointer (&wish->user, g_free);
  g_clear_pointer (&wish->others, g_strfreev);
}

char **
est_account_wish_parse (const EstUsage *usage,
                        char **arguments,
                        EstAccountWish *wish,
                        gboolean *json)
{
  const GOptionEntry entries[] = {
    {"address",     'a', 0, G_OPTION_ARG_STRING_ARRAY, &wish->addresses,
     N_ ("Mail from this address leaves by the account; may be given several times"),
     N_ ("ADDRESS")                                                                                            },
    {"host",        'H', 0, G_OPTION_ARG_STRING,       &wish->host,
     N_ ("The provider’s server for outgoing mail"),                                           N_ ("HOST")   },
    {"port",        'p', 0, G_OPTION_ARG_INT,          &wish->port,
     N_ ("Its port; 465, or 587 with --security=starttls"),                                      N_ ("PORT")   },
    {"security",    's', 0, G_OPTION_ARG_STRING,       &wish->security,
     N_ ("“tls” from the start (usual), or “starttls”"),                                 "tls|starttls"},
    {"auth",        0,   0, G_OPTION_ARG_STRING,       &wish->auth,
     N_ ("How to sign in: “auto” (usual), “none”, or a mechanism like PLAIN or GSSAPI"),
     N_ ("METHOD")                                                                                             },
    {"user",        'u', 0, G_OPTION_ARG_STRING,       &wish->user,
     N_ ("The user name; usually the first address"),                                            N_ ("NAME")   },
    {"default",     'd', 0, G_OPTION_ARG_NONE,         &wish->is_default,
     N_ ("Also send mail from addresses that belong to no account"),                             NULL          },
    {"no-default",  0,   0, G_OPTION_ARG_NONE,         &wish->is_not_default,
     N_ ("Do not (any more)"),                                                                   NULL          },
    {"set",         0,   0, G_OPTION_ARG_STRING_ARRAY, &wish->others,
     N_ ("Any other key of estafeta.conf(5); without a value it is taken out"),
     N_ ("KEY=VALUE")                                                                                          },
    {"no-password", 0,   0, G_OPTION_ARG_NONE,         &wish->no_password,
     N_ ("Keep no password in the keyring"),                                                     NULL          },
    G_OPTION_ENTRY_NULL,
  };
  return est_usage_parse (usage, entries, arguments, json);
}

static void
add (GVariantBuilder *values, const char *key, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (values, "{ss}", key, value);
}

static void
add_others (GVariantBuilder *values, char **others)
{
  for (char **other = others; other != NULL && *other != NULL; other++)
    {
      const char *value = strchr (*other, '=') + 1;
      g_autofree char *key = g_strndup (*other, (gsize) (value - 1 - *other));
      add (values, g_strstrip (key), value);
    }
}

GVariant *
est_account_wish_values (const EstAccountWish *wish)
{
  GVariantBuilder values;
  g_autofree char *addresses
    = wish->addresses != NULL ? g_strjoinv ("; ", wish->addresses) : NULL;
  g_autofree char *port = wish->port != 0 ? g_strdup_printf ("%d", wish->port) : NULL;
  g_variant_builder_init (&values, G_VARIANT_TYPE ("a{ss}"));
  add (&values, "addresses", addresses);
  add (&values, "host", wish->host);
  add (&values, "port", port);
  add (&values, "security", wish->security);
  add (&values, "auth", wish->auth);
  add (&values, "user", wish->user);
  add (&values, "default", wish->is_default ? "yes" : wish->is_not_default ? "no" : NULL);
  add_others (&values, wish->others);
  return g_variant_builder_end (&values);
}

gboolean
est_account_wish_is_clear (const EstUsage *usage, const EstAccountWish *wish)
{
  for (char **other = wish->others; other != NULL && *other != NULL; other++)
    if (strchr (*other, '=') == NULL || **other == '=')
      {
        g_autofree char *tame = est_text_tame (*other, WORD_LIMIT);
        est_usage_complain (usage->verb, _ ("“%s” is not KEY=VALUE"), tame);
        return FALSE;
      }
  return TRUE;
}
