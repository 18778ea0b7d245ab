/* The table of providers: every row of it can be used, and who is not in it is not. */
#include "account/provider-table.h"

#include "account/settings.h"

#include <string.h>

static const struct
{
  const char *address;
  const char *host, *port, *user; /* NULL: nobody's */
} found[] = {
  {"you@gmail.com",         "smtp.gmail.com",        "465",  "you@gmail.com"        },
  {"You.And+tag@GMAIL.com", "smtp.gmail.com",        "465",  "You.And+tag@GMAIL.com"},
  {"you@web.de",            "smtp.web.de",           "465",  "you"                  },
  {"you@outlook.com",       "smtp-mail.outlook.com", "587",  "you@outlook.com"      },
  {"you@proton.me",         "127.0.0.1",             "1025", "you@proton.me"        },
  {"\"a@b\"@free.fr",       "smtp.free.fr",          "465",  "\"a@b\""              },
  {"you@mail.gmail.com",    NULL,                    NULL,   NULL                   },
  {"you@gmail.com.example", NULL,                    NULL,   NULL                   },
  {"you@example.org",       NULL,                    NULL,   NULL                   },
  {"you@[192.0.2.1]",       NULL,                    NULL,   NULL                   },
  {"you",                   NULL,                    NULL,   NULL                   },
};

static void
test_find (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (found); i++)
    {
      g_autoptr (GHashTable) server = est_provider_table_find (found[i].address);
      if (found[i].host == NULL)
        {
          g_assert_null (server);
          continue;
        }
      g_assert_cmpstr (g_hash_table_lookup (server, "host"), ==, found[i].host);
      g_assert_cmpstr (g_hash_table_lookup (server, "port"), ==, found[i].port);
      g_assert_cmpstr (g_hash_table_lookup (server, "user"), ==, found[i].user);
      g_assert_cmpstr (g_hash_table_lookup (server, "trust"), ==, "safe");
      g_assert_null (g_hash_table_lookup (server, "domains"));
    }
}

static const struct
{
  const char *mx;
  const char *host; /* NULL: nobody's */
} customers[] = {
  {"aspmx.l.google.com",                       "smtp.gmail.com"    },
  {"example-org.mail.protection.outlook.com",  "smtp.office365.com"},
  {"IN1-SMTP.messagingengine.com",             "smtp.fastmail.com" },
  {"mail.protection.outlook.com.evil.example", NULL                },
  {"notgoogle.com",                            NULL                },
  {"google.com",                               NULL                },
  {".google.com",                              NULL                },
  {"",                                         NULL                },
};

static void
test_mx (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (customers); i++)
    {
      g_autoptr (GHashTable) server
        = est_provider_table_find_mx ("you@example.org", customers[i].mx);
      g_assert_cmpstr (server != NULL ? g_hash_table_lookup (server, "host") : NULL, ==,
                       customers[i].host);
      g_assert_true (server == NULL || !g_hash_table_contains (server, "trust"));
    }
}

static GHashTable *
make_values (GHashTable *server, const char *address)
{
  static const char *const keys[] = {"host", "port", "security", "user", NULL};
  GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (values, (gpointer) "addresses", (gpointer) address);
  for (const char *const *key = keys; *key != NULL; key++)
    g_hash_table_insert (values, (gpointer) *key, g_hash_table_lookup (server, *key));
  return values;
}

static void
check_row (GKeyFile *table, const char *group)
{
  static const char *const secrets[]
    = {"password", "app-password", "oauth", "oauth-or-app-password", "bridge", NULL};
  g_auto (GStrv) domains
    = g_key_file_get_string_list (table, group, "domains", NULL, NULL);
  g_assert_true (domains != NULL || g_key_file_has_key (table, group, "mx", NULL));
  for (char **one = domains; one != NULL && *one != NULL; one++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *address = g_strconcat ("you@", *one, NULL);
      g_autoptr (GHashTable) server = est_provider_table_find (address);
      g_autoptr (GHashTable) values = make_values (server, address);
      g_autoptr (EstAccount) account
        = est_settings_make_account ("trial", values, &error);
      g_assert_no_error (error);
      g_assert_cmpint (account->security, !=, EST_SECURITY_NONE);
      /* Each domain is in one row only. */
      g_assert_cmpstr (g_hash_table_lookup (server, "provider"), ==, group);
      g_assert_true (g_strv_contains (secrets, g_hash_table_lookup (server, "secret")));
      g_assert_nonnull (g_hash_table_lookup (server, "provider-name"));
    }
}

static void
test_rows (void)
{
  g_autoptr (GKeyFile) table = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_key_file_load_from_file (table, DATA_FOLDER "/providers", G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  g_assert_cmpuint (g_strv_length (groups), >, 10);
  for (char **group = groups; *group != NULL; group++)
    check_row (table, *group);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/provider-table/find", test_find);
  g_test_add_func ("/account/provider-table/mx", test_mx);
  g_test_add_func ("/account/provider-table/rows", test_rows);
  return g_test_run ();
}
