/* Asks the daemon which servers an address can have, and shows what is looked at
   meanwhile. */
#include "cli/setup.h"

#include "cli/call.h"
#include "cli/connect.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "wording/secrets.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 180 /* its own limits are shorter */

/* What needs no network. */
static const char *const at_hand[] = {"desktop", "table", NULL};

static GVariant *
make_options (const EstSetup *setup)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  if (setup->wish.offline)
    g_variant_dict_insert_value (&options, "sources", g_variant_new_strv (at_hand, -1));
  return g_variant_dict_end (&options);
}

static const char *
name_result (const char *result)
{
  if (g_str_equal (result, "found"))
    return _ ("found");
  return g_str_equal (result, "nothing") ? _ ("nothing") : _ ("no usable answer");
}

/* "  Mozilla’s list of providers (https://...): nothing" */
static void
on_looked (EstBusDiscovery1 *bus, const char *address, GVariant *look, EstSetup *setup)
{
  g_autofree char *source = est_record_text (look, "source");
  g_autofree char *where = est_record_text (look, "where");
  g_autofree char *result = est_record_text (look, "result");
  const char *name = est_wording_source (source);
  g_autofree char *line
    = *where != '\0'
        ? g_strdup_printf ("  %s (%s): %s", name, where, name_result (result))
        : g_strdup_printf ("  %s: %s", name, name_result (result));
  est_setup_say (setup, line);
  if (setup->looks != NULL)
    g_variant_builder_add_value (setup->looks, look);
}

static void
take_candidates (EstSetup *setup, GVariant *candidates)
{
  for (gsize i = 0; i < g_variant_n_children (candidates); i++)
    {
      g_autoptr (GVariant) candidate = g_variant_get_child_value (candidates, i);
      GHashTable *server
        = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      GVariantIter iter;
      char *key, *value;
      g_variant_iter_init (&iter, candidate);
      while (g_variant_iter_next (&iter, "{ss}", &key, &value))
        g_hash_table_replace (server, key, value);
      g_ptr_array_add (setup->servers, server);
    }
}

EstExit
est_setup_discover (EstSetup *setup)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstBusDiscovery1) bus = est_connect_discovery (ANSWER_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  /* TRANSLATORS: a mail address */
  g_autofree char *words
    = g_strdup_printf (_ ("Looking for the mail server of %s:"), setup->address);
  est_setup_say (setup, words);
  g_signal_connect (bus, "looked", G_CALLBACK (on_looked), setup);
  GVariant *arguments = g_variant_new ("(s@a{sv})", setup->address, make_options (setup));
  g_autoptr (GVariant) reply
    = est_call (bus, "Discover", arguments, NULL, setup->cancellable, &error);
  if (reply == NULL && est_setup_is_given_up (setup))
    return EST_EXIT_FAILED;
  if (reply == NULL)
    return est_trouble_report (error, NULL);
  g_autoptr (GVariant) candidates = g_variant_get_child_value (reply, 0);
  take_candidates (setup, candidates);
  return EST_EXIT_OK;
}
