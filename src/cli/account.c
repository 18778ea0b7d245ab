/* estafeta account: list, and the way to the other verbs below it. */
#include "cli/account.h"

#include "cli/connect.h"
#include "cli/listing.h"
#include "cli/prompt.h"
#include "cli/record.h"
#include "cli/usage.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20

GUnixFDList *
est_account_ask (const char *question)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret = NULL;
  int fd = -1;
  if (question != NULL)
    secret = est_prompt_secret (question, &error);
  if (error == NULL)
    fd = est_prompt_as_file (secret, &error);
  if (fd < 0)
    {
      g_printerr ("estafeta: %s\n", error->message);
      return NULL;
    }
  return g_unix_fd_list_new_from_array (&fd, 1);
}

GVariant *
est_account_find (GVariant *records, const char *name)
{
  for (gsize i = 0; i < g_variant_n_children (records); i++)
    {
      g_autoptr (GVariant) record = g_variant_get_child_value (records, i);
      g_autofree char *own = est_record_text (record, "name");
      if (g_str_equal (own, name))
        return g_steal_pointer (&record);
    }
  return NULL;
}

gboolean
est_account_wants_password (const char *auth)
{
  static const char *const others[]
    = {"none", "EXTERNAL", "GSSAPI", "OAUTHBEARER", "XOAUTH2", NULL};
  for (gsize i = 0; auth != NULL && others[i] != NULL; i++)
    if (g_ascii_strcasecmp (auth, others[i]) == 0)
      return FALSE;
  return TRUE;
}

EstExit
est_account_say (const char *format, const char *name, EstExit code)
{
  g_autofree char *words = g_strdup_printf (format, name);
  g_printerr ("estafeta: %s\n", words);
  return code;
}

static void
add_account (EstTable *table, GVariant *account)
{
  g_autofree char *name = est_record_text (account, "name");
  g_autofree char *addresses = est_record_text (account, "addresses");
  g_autofree char *host = est_record_text (account, "host");
  g_autofree char *port = est_record_text (account, "port");
  g_autofree char *security = est_record_text (account, "security");
  g_autofree char *user = est_record_text (account, "user");
  g_autofree char *is_default = est_record_text (account, "default");
  g_autofree char *server = g_strdup_printf ("%s:%s", host, port);
  g_autofree char *online = est_record_text (account, "online");
  const char *mark
    = g_str_equal (is_default, "true") ? C_ ("default account", "yes") : "";
  g_autofree char *origin = *online != '\0'
                              /* TRANSLATORS: %s is a provider such as Google */
                              ? g_strdup_printf (_ ("GNOME Online Accounts, %s"), online)
                              : NULL;
  const char *cells[] = {name, addresses, server, security, user, mark, origin};
  est_table_add (table, cells);
}

static void
print_table (GVariant *accounts)
{
  const EstColumn columns[] = {
    {C_ ("column", "Account"),    0,  FALSE},
    {C_ ("column", "Addresses"),  12, FALSE},
    {C_ ("column", "Server"),     12, FALSE},
    {C_ ("column", "Encryption"), 0,  FALSE},
    {C_ ("column", "User"),       8,  FALSE},
    {C_ ("column", "Default"),    0,  FALSE},
    {C_ ("column", "From"),       8,  FALSE},
  };
  est_listing_print (accounts, columns, G_N_ELEMENTS (columns), add_account,
                     _ ("No account is set up yet: “estafeta account add” does that."));
}

static GDBusProxy *
connect_bus (void)
{
  return G_DBUS_PROXY (est_connect_accounts (ANSWER_SECONDS));
}

static EstExit
list_accounts (char **arguments)
{
  static const EstListing listing = {
    .usage = {.verb = "account list",
              .summary = N_ ("Lists the accounts: whose mail leaves by which server.")},
    .connect = connect_bus,
    .print = print_table,
  };
  return est_listing_run (&listing, arguments);
}

EstExit
est_verb_account (char **arguments)
{
  static const EstVerbEntry verbs[] = {
    {N_ ("add NAME"),      est_verb_account_add,      N_ ("set up an account")               },
    {"list",               list_accounts,             N_ ("list the accounts")               },
    {N_ ("show NAME"),     est_verb_account_show,     N_ ("print all that is set of one")    },
    {N_ ("edit NAME"),     est_verb_account_edit,     N_ ("change it")                       },
    {N_ ("pause NAME"),    est_verb_account_pause,    N_ ("let nothing leave by it")         },
    {N_ ("resume NAME"),   est_verb_account_resume,   N_ ("let it go on")                    },
    {N_ ("remove NAME"),   est_verb_account_remove,   N_ ("take an account away")            },
    {N_ ("password NAME"), est_verb_account_password, N_ ("replace a password")              },
    {N_ ("sign-in NAME"),  est_verb_account_sign_in,  N_ ("sign in at a web page")           },
    {N_ ("test NAME"),     est_verb_account_test,     N_ ("sign in, to see whether it works")},
    {N_ ("trust NAME"),    est_verb_account_trust,
     N_ ("keep the key of a server on this computer")                                        },
    {N_ ("accept NAME"),   est_verb_account_accept,   N_ ("go on with less protection")      },
    {NULL,                 NULL,                      NULL                                   },
  };
  return est_verb_run (verbs, "account", arguments);
}
