/* Which servers of other programs need a yes. */
#include "account/vouch.h"

static const struct
{
  const char *address, *host;
  const char *found; /* "trust outside secret auth user" */
} cases[] = {
  {"you@example.org",       "smtp.example.org",         "safe - password PLAIN you"             },
  {"you@example.org",       "example.org",              "safe - password PLAIN you"             },
  {"you@EXAMPLE.org",       "smtp.example.org",         "safe - password PLAIN you"             },
  {"you@example.org",       "smtp.badexample.org",      "ask yes password PLAIN you"            },
  {"you@example.org",       "smtp.example.org.evil.fr", "ask yes password PLAIN you"            },
  {"you@b\xc3\xbc.example", "smtp.xn--b-eha.example",   "safe - password PLAIN you"             },
  {"you@gmail.com",         "smtp.gmail.com",           "safe - oauth-or-app-password auto you" },
  {"you@gmail.com",         "SMTP.gmail.com",           "safe - oauth-or-app-password auto you" },
  {"you@gmail.com",         "smtp.evil.example",        "ask yes password PLAIN you"            },
  {"you@firm.example",      "smtp.gmail.com",           "ask yes oauth-or-app-password auto you"},
  {"you@firm.example",      "smtp.office365.com",       "ask yes oauth auto you"                },
  {"you@icloud.com",        "smtp.mail.me.com",         "safe yes app-password auto you"        },
};

static const char *
show (GHashTable *candidate, const char *key)
{
  const char *value = g_hash_table_lookup (candidate, key);
  return value != NULL ? value : "-";
}

static GHashTable *
make (const char *host)
{
  const char *const pairs[][2] = {
    {"source", "desktop"    },
    {"where",  "Thunderbird"},
    {"host",   host         },
    {"port",   "25"         },
    {"secret", "password"   },
    {"auth",   "PLAIN"      },
    {"user",   "you"        },
    {"trust",  "safe"       },
  };
  GHashTable *candidate = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_hash_table_replace (candidate, g_strdup (pairs[i][0]), g_strdup (pairs[i][1]));
  return candidate;
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) candidate = make (cases[i].host);
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      est_vouch (candidate, cases[i].address);
      g_autofree char *shown = g_strdup_printf (
        "%s %s %s %s %s", show (candidate, "trust"), show (candidate, "outside"),
        show (candidate, "secret"), show (candidate, "auth"), show (candidate, "user"));
      g_assert_cmpstr (shown, ==, cases[i].found);
      g_assert_cmpstr (show (candidate, "host"), ==, cases[i].host);
      g_assert_cmpstr (show (candidate, "port"), ==, "25");
      g_assert_cmpstr (show (candidate, "source"), ==, "desktop");
    }
}

static void
test_enough (void)
{
  g_autoptr (GHashTable) password = make ("smtp.example.org");
  g_autoptr (GHashTable) nowhere = make ("smtp.example.org");
  g_autoptr (GHashTable) office = make ("smtp.office365.com");
  g_hash_table_replace (nowhere, g_strdup ("secret"), g_strdup ("oauth"));
  g_hash_table_replace (office, g_strdup ("secret"), g_strdup ("oauth"));
  g_assert_true (est_vouch_is_enough (password));
  g_assert_false (est_vouch_is_enough (nowhere));
  g_assert_false (est_vouch_is_enough (office));
  est_vouch (office, "you@firm.example");
  g_assert_true (est_vouch_is_enough (office));
  g_assert_cmpstr (show (office, "provider"), ==, "microsoft-365");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/vouch/cases", test_cases);
  g_test_add_func ("/account/vouch/enough", test_enough);
  return g_test_run ();
}
