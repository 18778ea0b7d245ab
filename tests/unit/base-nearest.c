/* Guessing what a misspelt word was meant to be. */
#include "base/nearest.h"

#include <string.h>

static void
test_nearest (void)
{
  static const char *const verbs[] = {"status", "list", "show", "send", "account", NULL};
  g_assert_cmpstr (est_nearest ("stauts", verbs), ==, "status");
  g_assert_cmpstr (est_nearest ("lst", verbs), ==, "list");
  g_assert_cmpstr (est_nearest ("acount", verbs), ==, "account");
  g_assert_cmpstr (est_nearest ("shwo", verbs), ==, "show");
  g_assert_null (est_nearest ("frobnicate", verbs));
  g_assert_null (est_nearest ("", verbs));
  g_autofree char *endless = g_strnfill (10000, 's');
  g_assert_cmpuint (est_nearest_distance (endless, "send"), ==, 31);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/nearest/words", test_nearest);
  return g_test_run ();
}
