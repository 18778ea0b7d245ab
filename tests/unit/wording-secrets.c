/* Which kind of secret a provider wants: the right sentences, and none that says
   nothing. */
#include "wording/secrets.h"

#include <string.h>

static const struct
{
  EstSecretKind kind;
  const char *words; /* in this order, divided by "|"; NULL: nothing to say */
} told[] = {
  {{"Gmail", "oauth-or-app-password", "https://a.example/p", "two-step-first"},
   "Gmail|app password|once two-step|https://a.example/p"                                                    },
  {{"iCloud", "app-password", "https://a.example/p", NULL},
   "iCloud|app password|https://a.example/p"                                                                 },
  {{"GMX", "password", NULL, "two-step;switch-on"},                             "With two-step|IMAP and SMTP"},
  {{"Outlook.com", "oauth", NULL, NULL},                                        "Outlook.com|web page"       },
  {{"Proton", "bridge", "", ""},                                                "Proton|Bridge"              },
  {{NULL, "app-password", NULL, NULL},                                          "This provider|app password" },
  {{"", "app-password", NULL, NULL},                                            "This provider|app password" },
  {{"mailbox.org", "password", NULL, NULL},                                     NULL                         },
  {{NULL, NULL, NULL, NULL},                                                    NULL                         },
  {{"X", "of-a-later-version", "", "of-a-later-version"},                       NULL                         },
};

static void
test_kinds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    {
      g_autofree char *words = est_wording_secret_kind (&told[i].kind);
      if (told[i].words == NULL)
        {
          g_assert_null (words);
          continue;
        }
      const char *rest = words;
      g_auto (GStrv) parts = g_strsplit (told[i].words, "|", -1);
      for (char **part = parts; *part != NULL; part++)
        {
          rest = strstr (rest, *part);
          g_assert_nonnull (rest);
        }
    }
}

static void
test_sources (void)
{
  static const char *const known[]
    = {"said", "desktop", "table",         "pacc",     "autoconfig", "ispdb",
       "srv",  "mx",      "autoconfig-mx", "ispdb-mx", "guess",      NULL};
  for (const char *const *source = known; *source != NULL; source++)
    g_assert_cmpstr (est_wording_source (*source), !=, *source);
  g_assert_cmpstr (est_wording_source ("later"), ==, "later");
  g_assert_cmpstr (est_wording_origin ("desktop", "Evolution"), ==, "Evolution");
  g_assert_cmpstr (est_wording_origin ("ispdb", "https://a.example"), !=,
                   "https://a.example");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/secrets/kinds", test_kinds);
  g_test_add_func ("/wording/secrets/sources", test_sources);
  return g_test_run ();
}
