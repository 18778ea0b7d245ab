/* What may be set over D-Bus, and what only by hand. */
#include "desktop/account-values.h"

typedef struct
{
  const char *values;
  gboolean taken;
} Case;

static const Case cases[] = {
  {"{}",                                             TRUE },
  {"{'addresses': 'a@example.org', 'host': 'h'}",    TRUE },
  {"{'security': 'starttls'}",                       TRUE },
  {"{'too-large': 'hold', 'future-release': 'yes'}", TRUE },
  {"{'security': 'none'}",                           FALSE},
  {"{'security': ' None '}",                         FALSE},
  {"{'password-command': 'rm -r x'}",                FALSE},
  {"{'host': 'h', 'ca-file': '/x'}",                 FALSE},
};

static void
test_taken (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (GHashTable) table
        = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr (GVariant) values
        = g_variant_parse (G_VARIANT_TYPE ("a{ss}"), c->values, NULL, NULL, NULL);
      g_assert_cmpint (est_account_values_take (values, table, &error), ==, c->taken);
      if (c->taken)
        g_assert_cmpuint (g_hash_table_size (table), ==, g_variant_n_children (values));
      else
        g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desktop/account-values/taken", test_taken);
  return g_test_run ();
}
