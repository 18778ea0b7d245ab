/* The status dictionary. */
#include "desktop/status.h"

static GVariant *
describe_counts (const EstCounts *counts)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{su}"));
  for (EstState state = 0; state < EST_N_STATES; state++)
    if (counts->by_state[state] > 0)
      g_variant_builder_add (&list, "{su}", est_state_nick (state),
                             counts->by_state[state]);
  return g_variant_builder_end (&list);
}

static GVariant *
describe_accounts (const EstCircumstances *circumstances)
{
  const EstSettings *settings = circumstances->settings;
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < settings->accounts->len; i++)
    {
      const EstAccount *account = g_ptr_array_index (settings->accounts, i);
      g_variant_builder_add_value (&list,
                                   est_describe_account (account->name, circumstances));
    }
  return g_variant_builder_end (&list);
}

GVariant *
est_status_describe (const EstStatus *status)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_variant_dict_insert (&dict, "version", "s", VERSION);
  g_variant_dict_insert_value (&dict, "listening",
                               g_variant_new_strv (status->listening, -1));
  g_variant_dict_insert_value (&dict, "port-taken", status->taken);
  g_variant_dict_insert_value (&dict, "counts", describe_counts (status->counts));
  g_variant_dict_insert_value (&dict, "accounts",
                               describe_accounts (status->circumstances));
  if (status->counts->oldest != 0)
    g_variant_dict_insert (&dict, "oldest", "x", status->counts->oldest / G_USEC_PER_SEC);
  gint64 stopped = est_circumstances_stopped (status->circumstances, "");
  if (stopped != 0)
    g_variant_dict_insert (&dict, "stopped", "x", stopped / G_USEC_PER_SEC);
  g_variant_dict_insert_value (&dict, "set-aside",
                               g_variant_new_strv (status->set_aside, -1));
  if (status->next != G_MAXINT64)
    g_variant_dict_insert (&dict, "next", "x", status->next / G_USEC_PER_SEC);
  if (status->problem != NULL)
    g_variant_dict_insert (&dict, "problem", "s", status->problem);
  return g_variant_dict_end (&dict);
}

GVariant *
est_status_describe_taken (GHashTable *taken)
{
  GHashTableIter iterator;
  gpointer address, uid;
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{su}"));
  g_hash_table_iter_init (&iterator, taken);
  while (g_hash_table_iter_next (&iterator, &address, &uid))
    g_variant_builder_add (&list, "{su}", (const char *) address, GPOINTER_TO_UINT (uid));
  return g_variant_builder_end (&list);
}
