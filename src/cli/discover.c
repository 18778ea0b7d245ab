/* estafeta discover: which servers an address could have, and where that was learnt;
   nothing is set up. */
#include "cli/setup.h"

#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/usage.h"
#include "mail/address.h"
#include "wording/text.h"

#include <glib/gi18n.h>

#define WORD_LIMIT 60

static const EstUsage usage = {
  .verb = "discover",
  .operands = N_ ("ADDRESS"),
  .summary
  = N_ ("Looks for the server that mail from an address can leave by, says where it was "
        "looked for\nand what was found, the best first. Nothing is signed in to, and "
        "nothing is changed."),
  .least = 1,
  .most = 1,
};

static char **
parse (char **arguments, EstSetupWish *wish)
{
  const GOptionEntry entries[] = {
    {"offline", 0, 0, G_OPTION_ARG_NONE, &wish->offline, N_ ("Ask nobody in the network"),
     NULL},
    G_OPTION_ENTRY_NULL,
  };
  return est_usage_parse (&usage, entries, arguments, &wish->json);
}

static GVariant *
as_dictionary (GHashTable *server)
{
  GHashTableIter iter;
  gpointer key, value;
  g_auto (GVariantBuilder) pairs = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  g_hash_table_iter_init (&iter, server);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_variant_builder_add (&pairs, "{ss}", key, value);
  return g_variant_builder_end (&pairs);
}

static void
print_json (const EstSetup *setup)
{
  g_auto (GVariantDict) all = G_VARIANT_DICT_INIT (NULL);
  g_auto (GVariantBuilder) servers = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{ss}"));
  for (guint i = 0; i < setup->servers->len; i++)
    g_variant_builder_add_value (&servers, as_dictionary (setup->servers->pdata[i]));
  g_variant_dict_insert_value (&all, "looks", g_variant_builder_end (setup->looks));
  g_variant_dict_insert_value (&all, "candidates", g_variant_builder_end (&servers));
  est_json_print (g_variant_dict_end (&all));
}

static void
print_server (EstSetup *setup, GHashTable *server)
{
  g_clear_pointer (&setup->server, g_hash_table_unref);
  setup->server = g_hash_table_ref (server);
  g_print ("\n");
  est_setup_show_facts (setup);
  est_setup_show_secret (setup);
  if (g_str_equal (est_setup_server_value (setup, "trust"), "ask"))
    {
      g_autofree char *doubt = est_setup_explain_doubt (setup);
      g_print ("%s\n", doubt);
    }
}

static EstExit
tell (EstSetup *setup)
{
  if (setup->wish.json)
    print_json (setup);
  else if (setup->servers->len == 0)
    g_print ("\n%s\n",
             _ ("No server was found. Your provider’s help pages name it as the "
                "server for outgoing mail (SMTP)."));
  for (guint i = 0; i < setup->servers->len && !setup->wish.json; i++)
    print_server (setup, setup->servers->pdata[i]);
  return setup->servers->len > 0 ? EST_EXIT_OK : EST_EXIT_NOT_FOUND;
}

static EstExit
run (EstSetup *setup)
{
  g_auto (GVariantBuilder) looks = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{ss}"));
  setup->looks = &looks;
  EstExit answer = est_setup_discover (setup);
  if (answer == EST_EXIT_OK)
    answer = tell (setup);
  setup->looks = NULL;
  return answer;
}

EstExit
est_verb_discover (char **arguments)
{
  EstSetup setup = {0};
  g_auto (GStrv) operands = parse (arguments, &setup.wish);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  if (!est_address_is_mailbox (operands[0]) || est_address_is_wildcard (operands[0]))
    {
      g_autofree char *tame = est_text_tame (operands[0], WORD_LIMIT);
      est_usage_complain (usage.verb, _ ("“%s” is no mail address"), tame);
      return EST_EXIT_USAGE;
    }
  g_autoptr (GPtrArray) servers
    = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  setup.address = operands[0];
  setup.servers = servers;
  setup.cancellable = est_interrupt_watch ();
  EstExit answer = run (&setup);
  g_clear_pointer (&setup.server, g_hash_table_unref);
  if (est_setup_is_given_up (&setup))
    est_interrupt_end ();
  return answer;
}
