/* The page at the end of a sign-in: words, and nothing that a browser would run. */
#include "wording/page.h"

#include <string.h>

static void
check (const char *page, const char *words)
{
  static const char *const never[]
    = {"<script", "<style", "<link", "<a ", "href", "src=", "onload"};
  g_assert_nonnull (strstr (page, words));
  g_assert_nonnull (strstr (page, "charset=\"utf-8\""));
  g_assert_true (g_str_has_prefix (page, "<!DOCTYPE html>"));
  for (gsize i = 0; i < G_N_ELEMENTS (never); i++)
    g_assert_null (strstr (page, never[i]));
}

static void
test_page (void)
{
  g_autofree char *good = est_wording_page (TRUE);
  g_autofree char *bad = est_wording_page (FALSE);
  check (good, "Estafeta has the answer");
  check (bad, "not completed");
  g_assert_null (strstr (bad, "Estafeta has the answer"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/page", test_page);
  return g_test_run ();
}
