/* Limits that come over D-Bus, and tokens that go there. */
#include "desktop/token-values.h"

#include "account/settings.h"

typedef struct
{
  const char *values;
  gboolean taken;
} Case;

static const Case cases[] = {
  {"@a{sv} {}",                                        TRUE },
  {"{'senders': <['a@example.org', '@example.net']>}", TRUE },
  {"{'senders': <@as []>}",                            TRUE },
  {"{'accounts': <['home']>, 'per-day': <uint32 5>}",  TRUE },
  {"{'per-day': <uint32 0>}",                          TRUE },
  {"{'senders': <['nobody']>}",                        FALSE},
  {"{'senders': <['']>}",                              FALSE},
  {"{'senders': <['@']>}",                             FALSE},
  {"{'senders': <['a@b\\nper-day=0']>}",               FALSE},
  {"{'senders': <'a@example.org'>}",                   FALSE},
  {"{'accounts': <'home'>}",                           FALSE},
  {"{'per-day': <5>}",                                 FALSE},
  {"{'per-day': <uint32 4000000000>}",                 FALSE},
  {"{'burst': <uint32 5>}",                            FALSE},
};

static void
test_taken (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (EstTokenLimits) limits = {0};
      g_autoptr (GVariant) values
        = g_variant_parse (G_VARIANT_TYPE_VARDICT, cases[i].values, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (est_token_values_take (values, &limits, &error), ==,
                       cases[i].taken);
      if (!cases[i].taken)
        g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE);
    }
}

static void
test_added (void)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  EstTokenLimits limits = {.senders = g_strsplit ("a@b.c", " ", -1), .per_day = 3};
  g_autoptr (EstToken) token = est_token_new ("git", "secret", limits, 5000000);
  est_token_values_add (token, 2, &list);
  g_autoptr (GVariant) told = g_variant_ref_sink (g_variant_builder_end (&list));
  g_autofree char *text = g_variant_print (told, FALSE);
  g_assert_cmpstr (text, ==,
                   "[{'name': <'git'>, 'created': <int64 5>, 'used': <uint32 2>, "
                   "'senders': <['a@b.c']>, 'per-day': <uint32 3>}]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desktop/token-values/taken", test_taken);
  g_test_add_func ("/desktop/token-values/added", test_added);
  return g_test_run ();
}
