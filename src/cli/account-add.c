/* estafeta account add: sets an account up. What the values may be is the daemon's to
   say, which writes them into the settings file. */
#include "cli/account.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "mail/address.h"

#include <glib/gi18n.h>

typedef struct
{
  char **addresses;
  char *host;
  int port; /* 0: not given */
  char *security;
  char *auth;
  char *user;
  gboolean is_default;
  gboolean no_password;
} Wish;

static const EstUsage usage = {
  .verb = "account add",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Sets an account up: mail from its addresses leaves by its server. The password "
        "is read\nfrom the terminal, or as one line from standard input, and kept in "
        "the keyring."),
  .notes
  = N_ ("At least “--address” and “--host” are needed. What has to stand in the settings "
        "file itself\nis described in estafeta.conf(5)."),
  .least = 1,
  .most = 1,
};

static void
clear_wish (Wish *wish)
{
  g_strfreev (wish->addresses);
  g_free (wish->host);
  g_free (wish->security);
  g_free (wish->auth);
  g_free (wish->user);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, clear_wish)

static char **
parse (char **arguments, Wish *wish, gboolean *json)
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
    {"no-password", 0,   0, G_OPTION_ARG_NONE,         &wish->no_password,
     N_ ("Keep no password in the keyring"),                                                     NULL          },
    G_OPTION_ENTRY_NULL,
  };
  return est_usage_parse (&usage, entries, arguments, json);
}

/* As the daemon does: a whole domain ("*@example.org") signs in nowhere. */
static const char *
find_user (const Wish *wish)
{
  return wish->user != NULL ? wish->user : est_address_first_mailbox (wish->addresses);
}

static gboolean
is_complete (const Wish *wish)
{
  if (wish->addresses == NULL)
    est_usage_complain (usage.verb, _ ("missing: %s"), "--address");
  else if (wish->host == NULL)
    est_usage_complain (usage.verb, _ ("missing: %s"), "--host");
  else if (est_account_wants_password (wish->auth) && find_user (wish) == NULL)
    est_usage_complain (usage.verb, _ ("missing: %s"), "--user");
  else
    return TRUE;
  return FALSE;
}

static void
add (GVariantBuilder *values, const char *key, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (values, "{ss}", key, value);
}

static GVariant *
make_values (const Wish *wish)
{
  GVariantBuilder values;
  g_autofree char *addresses = g_strjoinv ("; ", wish->addresses);
  g_autofree char *port = g_strdup_printf ("%d", wish->port);
  g_variant_builder_init (&values, G_VARIANT_TYPE ("a{ss}"));
  add (&values, "addresses", addresses);
  add (&values, "host", wish->host);
  add (&values, "port", wish->port != 0 ? port : NULL);
  add (&values, "security", wish->security);
  add (&values, "auth", wish->auth);
  add (&values, "user", wish->user);
  add (&values, "default", wish->is_default ? "yes" : NULL);
  return g_variant_builder_end (&values);
}

static GUnixFDList *
ask (const Wish *wish)
{
  if (wish->no_password || !est_account_wants_password (wish->auth))
    return est_account_ask (NULL);
  /* TRANSLATORS: a user name, and a server */
  g_autofree char *question
    = g_strdup_printf (_ ("Password of %s at %s: "), find_user (wish), wish->host);
  return est_account_ask (question);
}

static void
print_done (const char *name, const Wish *wish, gboolean json)
{
  g_autofree char *addresses = g_strjoinv (", ", wish->addresses);
  if (json)
    est_json_print (g_variant_new_parsed ("{'account': <%s>}", name));
  else
    /* TRANSLATORS: the name of an account, its addresses, and its server */
    g_print (_ ("The account “%s” is set up: mail from %s leaves by %s.\n"), name,
             addresses, wish->host);
}

EstExit
est_verb_account_add (char **arguments)
{
  g_auto (Wish) wish = {0};
  gboolean json = FALSE;
  g_auto (GStrv) operands = parse (arguments, &wish, &json);
  if (operands == NULL || !is_complete (&wish))
    return EST_EXIT_USAGE;
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (EST_ACCOUNT_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  g_autoptr (GUnixFDList) fds = ask (&wish);
  if (fds == NULL)
    return EST_EXIT_FAILED;

  g_autoptr (GError) error = NULL;
  GVariant *values = make_values (&wish);
  GVariant *handle = g_variant_new_handle (0);
  if (!est_bus_accounts1_call_add_sync (bus, operands[0], values, handle, fds, NULL, NULL,
                                        &error))
    return est_trouble_report (error, operands[0]);
  print_done (operands[0], &wish, json);
  return EST_EXIT_OK;
}
