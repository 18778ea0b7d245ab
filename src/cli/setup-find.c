/* Finds what is known already, and else a server: the one the person named, or one that
   the person names when asked. */
#include "cli/setup.h"

#include "cli/account.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "mail/address.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAME_LIMIT 32

static gboolean
has_address (GVariant *account, const char *address)
{
  g_autofree char *addresses = est_record_text (account, "addresses");
  g_auto (GStrv) list = g_strsplit (addresses, ";", -1);
  for (char **one = list; *one != NULL; one++)
    if (est_address_equal (g_strstrip (*one), address))
      return TRUE;
  return FALSE;
}

static GVariant *
find_known (GVariant *accounts, const char *address)
{
  for (gsize i = 0; i < g_variant_n_children (accounts); i++)
    {
      g_autoptr (GVariant) account = g_variant_get_child_value (accounts, i);
      if (has_address (account, address))
        return g_steal_pointer (&account);
    }
  return NULL;
}

static GHashTable *
new_server (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
put (GHashTable *server, const char *key, const char *value)
{
  if (value != NULL && *value != '\0')
    g_hash_table_replace (server, g_strdup (key), g_strdup (value));
}

/* What the options say is stronger than whatever was found. */
static void
apply_wish (const EstSetup *setup, GHashTable *server)
{
  const EstSetupWish *wish = &setup->wish;
  g_autofree char *port = g_strdup_printf ("%d", wish->port);
  put (server, "port", wish->port != 0 ? port : NULL);
  put (server, "security", wish->security);
  put (server, "auth", wish->auth);
  put (server, "user", wish->user);
}

/* RFC 8314 3.3: TLS from the start is the rule, and 587 the exception. */
static void
complete (const EstSetup *setup, GHashTable *server)
{
  const char *port = g_hash_table_lookup (server, "port");
  const char *security = g_hash_table_lookup (server, "security");
  if (security == NULL)
    put (server, "security", g_strcmp0 (port, "587") == 0 ? "starttls" : "tls");
  security = g_hash_table_lookup (server, "security");
  if (port == NULL)
    put (server, "port", g_str_equal (security, "starttls") ? "587" : "465");
  if (!g_hash_table_contains (server, "user"))
    put (server, "user", setup->address);
}

static void
take_server (EstSetup *setup, GHashTable *server)
{
  apply_wish (setup, server);
  complete (setup, server);
  g_clear_pointer (&setup->server, g_hash_table_unref);
  setup->server = g_hash_table_ref (server);
}

/* "smtp.example.org" or "smtp.example.org:587". */
static GHashTable *
read_server (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (text, 0, &error);
  if (parsed == NULL)
    return NULL;
  GNetworkAddress *address = G_NETWORK_ADDRESS (parsed);
  guint16 number = g_network_address_get_port (address);
  g_autofree char *port = number != 0 ? g_strdup_printf ("%u", number) : NULL;
  GHashTable *server = new_server ();
  put (server, "source", "said");
  put (server, "host", g_network_address_get_hostname (address));
  put (server, "port", port);
  return server;
}

static EstExit
ask_for_server (EstSetup *setup)
{
  for (;;)
    {
      g_autofree char *answer
        = est_setup_ask_line (setup, _ ("Server for outgoing mail"), NULL);
      if (answer == NULL)
        return EST_EXIT_FAILED;
      g_autoptr (GHashTable) server = read_server (answer);
      if (server == NULL)
        {
          est_setup_complain (_ ("that is no name of a server"));
          continue;
        }
      take_server (setup, server);
      return EST_EXIT_OK;
    }
}

/* The yes to a server that something unsigned named, or that is somebody else's. */
static EstSetupAnswer
confirm (EstSetup *setup)
{
  const char *host = est_setup_server_value (setup, "host");
  if (g_strcmp0 (est_setup_server_value (setup, "trust"), "ask") != 0 || setup->wish.yes)
    return EST_SETUP_YES;
  g_autofree char *words = est_setup_explain_doubt (setup);
  est_setup_say (setup, words);
  /* TRANSLATORS: the name of a server */
  g_autofree char *question = g_strdup_printf (_ ("Use %s?"), host);
  if (setup->asks)
    return est_setup_ask (setup, question, FALSE);
  est_usage_complain (EST_SETUP_VERB,
                      _ ("say “--yes” if %s is the right server, or name it by “--host”"),
                      host);
  return EST_SETUP_GONE;
}

static EstExit
name_server (EstSetup *setup)
{
  est_setup_say (setup, _ ("No other server is known. Your provider’s help pages name it "
                           "as the server for outgoing mail (SMTP)."));
  if (!setup->asks)
    {
      est_usage_complain (EST_SETUP_VERB, _ ("missing: %s"), "--host");
      return EST_EXIT_FAILED;
    }
  EstExit answer = ask_for_server (setup);
  if (answer == EST_EXIT_OK)
    est_setup_show_server (setup);
  return answer;
}

EstExit
est_setup_choose (EstSetup *setup)
{
  while (setup->servers->len > 0)
    {
      g_autoptr (GHashTable) server = g_ptr_array_steal_index (setup->servers, 0);
      take_server (setup, server);
      est_setup_show_server (setup);
      EstSetupAnswer answer = confirm (setup);
      if (answer != EST_SETUP_NO)
        return answer == EST_SETUP_YES ? EST_EXIT_OK : EST_EXIT_FAILED;
    }
  return name_server (setup);
}

static void
take_named (EstSetup *setup)
{
  GHashTable *server = new_server ();
  put (server, "source", "said");
  put (server, "host", setup->wish.host);
  g_ptr_array_add (setup->servers, server);
}

/* "example" of a@example.org: what may stand in the name of an account, and is short
   enough to be typed. */
static char *
shorten (const char *address)
{
  const char *domain = est_address_domain (address);
  g_autofree char *label = g_strndup (domain, MIN (strcspn (domain, "."), NAME_LIMIT));
  GString *name = g_string_new (NULL);
  for (const char *c = label; *c != '\0'; c++)
    if (g_ascii_isalnum (*c) || *c == '-')
      g_string_append_c (name, g_ascii_tolower (*c));
  return g_string_free (name, FALSE);
}

/* "example", "example-2" ... */
static char *
choose_name (const char *address, GVariant *accounts)
{
  g_autofree char *first = shorten (address);
  if (*first == '\0')
    return g_strdup (address);
  for (guint number = 1;; number++)
    {
      g_autofree char *name
        = number > 1 ? g_strdup_printf ("%s-%u", first, number) : g_strdup (first);
      g_autoptr (GVariant) there = est_account_find (accounts, name);
      if (there == NULL)
        return g_steal_pointer (&name);
    }
}

static EstExit
find_account (EstSetup *setup)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) accounts = NULL;
  if (!est_bus_accounts1_call_list_sync (setup->accounts, &accounts, setup->cancellable,
                                         &error))
    return est_trouble_report (error, NULL);
  setup->known = find_known (accounts, setup->address);
  if (setup->known != NULL)
    setup->account = est_record_text (setup->known, "name");
  else
    setup->account = setup->wish.name != NULL ? g_strdup (setup->wish.name)
                                              : choose_name (setup->address, accounts);
  return EST_EXIT_OK;
}

EstExit
est_setup_find (EstSetup *setup)
{
  EstExit answer = find_account (setup);
  if (answer != EST_EXIT_OK || setup->known != NULL)
    return answer;
  if (setup->wish.host != NULL)
    take_named (setup);
  else
    answer = est_setup_discover (setup);
  if (answer == EST_EXIT_FAILED && !est_setup_is_given_up (setup))
    answer = EST_EXIT_OK; /* the person may know the server */
  return answer == EST_EXIT_OK ? est_setup_choose (setup) : answer;
}
