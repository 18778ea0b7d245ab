/* estafeta account show: all that is set of an account, and how it stands. */
#include "cli/account.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "wording/reason.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20
#define LABEL_COLUMNS  18

static const EstUsage usage = {
  .verb = "account show",
  .operands = N_ ("NAME"),
  .summary = N_ ("Prints all that is set of an account, and how it stands. No secret is "
                 "among it."),
  .least = 1,
  .most = 1,
};

static void
print_keyed (const char *label, GVariant *account, const char *key)
{
  g_autofree char *text = est_record_text (account, key);
  est_output_print_fact (label, LABEL_COLUMNS, text);
}

static void
print_server (GVariant *account)
{
  g_autofree char *host = est_record_text (account, "host");
  g_autofree char *port = est_record_text (account, "port");
  /* TRANSLATORS: a host name, and a port */
  g_autofree char *server = g_strdup_printf (_ ("%s, port %s"), host, port);
  est_output_print_fact (_ ("Server:"), LABEL_COLUMNS, server);
}

/* The first that is there. */
static void
print_secret (GVariant *account)
{
  static const struct
  {
    const char *key;
    const char *words;
  } places[] = {
    {"online",           N_ ("GNOME Online Accounts have it")     },
    {"oauth-issuer",     N_ ("a sign-in at the provider’s page")},
    {"oauth-token",      N_ ("a sign-in at the provider’s page")},
    {"token-command",    N_ ("token-command tells it")            },
    {"password-command", N_ ("password-command tells it")         },
    {"credential",       N_ ("systemd hands it over")             },
    {"certificate",      N_ ("a certificate")                     },
  };
  g_autofree char *auth = est_record_text (account, "auth");
  const char *words = est_account_wants_password (auth) ? _ ("in the keyring") : "";
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *value = est_record_text (account, places[i].key);
      if (*value == '\0')
        continue;
      words = _ (places[i].words);
      break;
    }
  est_output_print_fact (_ ("Password:"), LABEL_COLUMNS, words);
}

/* By the names they have in the settings file. */
static void
print_others (GVariant *account)
{
  static const char *const told[]
    = {"name", "addresses", "host",   "port",      "security", "auth",
       "user", "default",   "online", "online-id", NULL};
  GVariantIter iterator;
  const char *key, *value;
  g_variant_iter_init (&iterator, account);
  while (g_variant_iter_next (&iterator, "{&s&s}", &key, &value))
    {
      g_autofree char *label = g_strconcat (key, ":", NULL);
      if (!g_strv_contains (told, key))
        est_output_print_fact (label, LABEL_COLUMNS, value);
    }
}

static void
print_state (GVariant *status, const char *name)
{
  g_autofree char *nick = est_record_text (status, "paused");
  g_autofree char *figures = est_record_text (status, "figures");
  g_autofree char *reply = est_record_text (status, "reply");
  EstReason reason = est_reason_from_nick (nick);
  if (*nick == '\0')
    {
      g_print (_ ("Account “%s” is ready.\n"), name);
      return;
    }
  g_autofree char *why = est_wording_reason (reason, name, figures, reply);
  g_autofree char *remedy = est_wording_remedy (reason, name);
  g_print ("%s%s%s\n", why, remedy != NULL ? " " : "", remedy != NULL ? remedy : "");
}

static void
print (GVariant *account, GVariant *status, const char *name)
{
  g_print (_ ("Account “%s”:\n"), name);
  print_keyed (_ ("Addresses:"), account, "addresses");
  print_server (account);
  print_keyed (_ ("Encryption:"), account, "security");
  print_keyed (_ ("Signs in by:"), account, "auth");
  print_keyed (_ ("User name:"), account, "user");
  print_secret (account);
  print_keyed (_ ("Default:"), account, "default");
  print_others (account);
  print_state (status, name);
}

static EstExit
fetch (const char *name, GVariant **account, GVariant **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) accounts = NULL;
  g_autoptr (GVariant) status = NULL;
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (ANSWER_SECONDS);
  g_autoptr (EstBusOutbox1) outbox
    = bus != NULL ? est_connect_outbox (ANSWER_SECONDS) : NULL;
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;
  if (!est_bus_accounts1_call_list_sync (bus, &accounts, NULL, &error)
      || !est_bus_outbox1_call_get_status_sync (outbox, &status, NULL, &error))
    return est_trouble_report (error, name);
  g_autoptr (GVariant) states = est_record_list (status, "accounts");
  *account = est_account_find (accounts, name);
  *state = est_account_find (states, name);
  return *account != NULL && *state != NULL
           ? EST_EXIT_OK
           : est_account_say (_ ("There is no account “%s”."), name, EST_EXIT_NOT_FOUND);
}

EstExit
est_verb_account_show (char **arguments)
{
  gboolean json = FALSE;
  g_autoptr (GVariant) account = NULL;
  g_autoptr (GVariant) state = NULL;
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  EstExit fetched = fetch (operands[0], &account, &state);
  if (fetched != EST_EXIT_OK)
    return fetched;
  if (json)
    est_json_print (g_variant_new_parsed ("{'settings': <%@a{ss}>, 'state': <%@a{sv}>}",
                                          account, state));
  else
    print (account, state, operands[0]);
  return EST_EXIT_OK;
}
