/* What may be set over D-Bus, and what only by hand. */
#include "desktop/account-values.h"

#include <glib/gstdio.h>

typedef struct
{
  const char *values;
  gboolean taken;
} Case;

static const Case cases[] = {
  {"{}",                                             TRUE },
  {"{'addresses': 'a@example.org', 'host': 'h'}",    TRUE },
  {"{'security': 'starttls'}",                       TRUE },
  {"{'connections': '3'}",                           TRUE },
  {"{'too-large': 'hold', 'future-release': 'yes'}", TRUE },
  {"{'security': 'none'}",                           FALSE},
  {"{'security': ' None '}",                         FALSE},
  {"{'password-command': 'rm -r x'}",                FALSE},
  {"{'host': 'h', 'ca-file': '/x'}",                 FALSE},
  {"{'messages-per-day': '5'}",                      TRUE },
  {"{'token-command': 'rm -r x'}",                   FALSE},
  {"{'certificate': '/x'}",                          FALSE},
  {"{'key': '/x'}",                                  FALSE},
  {"{'host': 'h', 'pin': 'sha256:x'}",               FALSE},
  {"{'host': 'h', 'dane': 'no'}",                    TRUE },
  {"{'relay-user': 'nobody'}",                       FALSE},
  {"{'proxy': 'none'}",                              TRUE },
  {"{'proxy': 'socks5://p.example:1080'}",           TRUE },
  {"{'proxy': 'socks5://me:secret@p.example'}",      FALSE},
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

/* As it is in the file, and only if it is there. */
static void
test_connections (void)
{
  static const struct
  {
    guint connections;
    const char *shown;
  } said[] = {
    {0,  NULL},
    {1,  "1" },
    {20, "20"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
    {
      char *addresses[] = {(char *) "a@example.org", NULL};
      const EstAccount account = {.name = (char *) "home",
                                  .addresses = addresses,
                                  .proxy = (char *) "system",
                                  .relay_user = G_MAXUINT32,
                                  .connections = said[i].connections};
      g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{ss}"));
      const char *shown = NULL;
      est_account_values_add (&account, &list);
      g_autoptr (GVariant) all = g_variant_ref_sink (g_variant_builder_end (&list));
      g_autoptr (GVariant) values = g_variant_get_child_value (all, 0);
      g_variant_lookup (values, "connections", "&s", &shown);
      g_assert_cmpstr (shown, ==, said[i].shown);
    }
}

/* Of the budget what the settings say, and nothing else. */
static void
test_budget (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("estafeta-values-XXXXXX", &path, NULL);
  g_assert_true (g_file_set_contents (path,
                                      "[account home]\naddresses=a@example.org\nhost=h\n"
                                      "messages-per-hour=7\nrecipients-per-day=0\n",
                                      -1, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSettings) settings = est_settings_load (path, &error);
  g_assert_no_error (error);
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{ss}"));
  est_account_values_add (est_settings_find (settings, "home"), &list);
  g_autoptr (GVariant) all = g_variant_ref_sink (g_variant_builder_end (&list));
  g_autoptr (GVariant) home = g_variant_get_child_value (all, 0);
  const char *value = NULL;
  g_assert_true (g_variant_lookup (home, "messages-per-hour", "&s", &value));
  g_assert_cmpstr (value, ==, "7");
  g_assert_true (g_variant_lookup (home, "recipients-per-day", "&s", &value));
  g_assert_cmpstr (value, ==, "0");
  g_assert_false (g_variant_lookup (home, "messages-per-day", "&s", &value));
  g_unlink (path);
  g_close (fd, NULL);
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
  g_test_add_func ("/desktop/account-values/connections", test_connections);
  g_test_add_func ("/desktop/account-values/budget", test_budget);
  g_test_add_func ("/desktop/account-values/shown", test_shown);
  return g_test_run ();
}
