/* Secrets can be typed, and are not foretold. */
#include "cli/token.h"

#include <string.h>

static void
test_secret (void)
{
  guint seen[128] = {0};
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (EstSecret) secret = est_token_secret_new ();
      const char *text = est_secret_peek (secret);
      g_assert_cmpuint (strlen (text), ==, 34);
      for (guint j = 0; j < 34; j++)
        if (j % 5 == 4)
          g_assert_cmpint (text[j], ==, '-');
        else
          seen[(guchar) text[j]]++;
    }
  /* 56,000 letters: 1,806 of each on average, 42 more or less. */
  for (const char *c = "abcdefghjkmnpqrstuvwxyz23456789"; *c != '\0'; c++)
    {
      g_assert_cmpuint (seen[(guchar) *c], >, 1500);
      g_assert_cmpuint (seen[(guchar) *c], <, 2150);
    }
  for (const char *c = "ilo01-ABCXYZ"; *c != '\0'; c++)
    g_assert_cmpuint (seen[(guchar) *c], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/token-secret", test_secret);
  return g_test_run ();
}
