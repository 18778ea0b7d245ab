#include "web/pkce.h"

#include <string.h>

/* RFC 7636 B. */
static void
test_challenge (void)
{
  g_autofree char *challenge
    = est_pkce_challenge ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

/* RFC 7636 4.1: no other characters, and never the same. */
static void
test_random (void)
{
  g_autoptr (GHashTable) seen
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < 1000; i++)
    {
      char *text = est_pkce_random ();
      g_assert_cmpuint (strlen (text), ==, 43);
      for (const char *c = text; *c != '\0'; c++)
        g_assert_true (g_ascii_isalnum (*c) || *c == '-' || *c == '_');
      g_assert_true (g_hash_table_add (seen, text));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/pkce/challenge", test_challenge);
  g_test_add_func ("/web/pkce/random", test_random);
  return g_test_run ();
}
