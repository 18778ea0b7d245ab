/* Secrets in memory, and the clock that tests can hold still. */
#include "base/clock.h"
#include "base/secret.h"

#include <string.h>

static void
test_kept (void)
{
  g_autoptr (EstSecret) whole = est_secret_new ("pass word", -1);
  g_autoptr (EstSecret) part = est_secret_new ("pass word", 4);
  g_autoptr (EstSecret) empty = est_secret_new ("", 0);
  g_assert_cmpstr (est_secret_peek (whole), ==, "pass word");
  g_assert_cmpstr (est_secret_peek (part), ==, "pass");
  g_assert_cmpstr (est_secret_peek (empty), ==, "");
}

static void
test_larger_than_a_page (void)
{
  g_autofree char *text = g_strnfill (70000, 'x');
  g_autoptr (EstSecret) secret = est_secret_new (text, -1);
  g_autoptr (EstSecret) second = est_secret_ref (secret);
  g_assert_cmpstr (est_secret_peek (second), ==, text);
}

static void
test_wiped (void)
{
  char text[] = "password";
  est_secret_wipe (text, sizeof text);
  for (gsize i = 0; i < sizeof text; i++)
    g_assert_cmpint (text[i], ==, 0);
}

static void
test_clock (void)
{
  gint64 steady = est_clock_steady ();
  est_clock_freeze (5);
  g_assert_cmpint (est_clock_now (), ==, 5);
  g_assert_cmpint (est_clock_steady (), >=, steady);
  est_clock_freeze (0);
  g_assert_cmpint (est_clock_now (), >, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/secret/kept", test_kept);
  g_test_add_func ("/base/secret/larger-than-a-page", test_larger_than_a_page);
  g_test_add_func ("/base/secret/wiped", test_wiped);
  g_test_add_func ("/base/clock/frozen", test_clock);
  return g_test_run ();
}
