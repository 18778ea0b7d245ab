/* What may be set over D-Bus, and what only by hand. */
#include "desktop/account-values.h"

typedef struct
{
  const char *values;
  gboolean taken;
} Case;

static const Case cases[] = {
  {"{}",                                          TRUE },
  {"{'addresses': 'a@example.org', 'host': 'h'}", TRUE },
  {"{'security': 'starttls'}",                    TRUE },
  {"{'security': 'none'}",                        FALSE},
  {"{'security': ' None '}",                      FALSE},
  {"{'password-command': 'rm -r x'}",             FALSE},
  {"{'host': 'h', 'ca-file': '/x'}",              FALSE},
  {"{'relay-user': 'nobody'}",                    FALSE},
  {"{'proxy': 'none'}",                           TRUE },
  {"{'proxy': 'socks5://p.example:1080'}",        TRUE },
  {"{'proxy': 'socks5://me:secret@p.example'}",   FALSE},
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

typedef struct
{
  const char *proxy;
  guint32 relay_user;
  const char *shown;
} Shown;

static const Shown shown[] = {
  {"system",                          G_MAXUINT32, "{}"               },
  {"none",                            G_MAXUINT32, "{'proxy': 'none'}"},
  {"socks5://me:secret@p.example:99", 0,
   "{'proxy': 'socks5://p.example:99', 'relay-user': 'root'}"         },
  {"http://[::1]",                    4000000001,
   "{'proxy': 'http://[::1]:80', 'relay-user': '4000000001'}"         },
};

/* Only where it is not as usual, and never a secret. */
static void
test_shown (void)
{
  static char *addresses[] = {(char *) "a@example.org", NULL};
  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      const Shown *c = &shown[i];
      EstAccount account = {.name = (char *) "x",
                            .addresses = addresses,
                            .host = (char *) "h",
                            .auth = (char *) "none",
                            .proxy = (char *) c->proxy,
                            .relay_user = c->relay_user};
      GVariantBuilder list;
      g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{ss}"));
      est_account_values_add (&account, &list);
      g_autoptr (GVariant) all = g_variant_ref_sink (g_variant_builder_end (&list));
      g_autoptr (GVariant) values = g_variant_get_child_value (all, 0);
      g_autoptr (GVariant) expected
        = g_variant_parse (G_VARIANT_TYPE ("a{ss}"), c->shown, NULL, NULL, NULL);
      static const char *const keys[] = {"proxy", "relay-user"};
      for (gsize k = 0; k < G_N_ELEMENTS (keys); k++)
        {
          const char *value = NULL, *want = NULL;
          g_variant_lookup (values, keys[k], "&s", &value);
          g_variant_lookup (expected, keys[k], "&s", &want);
          g_assert_cmpstr (value, ==, want);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desktop/account-values/taken", test_taken);
  g_test_add_func ("/desktop/account-values/shown", test_shown);
  return g_test_run ();
}
