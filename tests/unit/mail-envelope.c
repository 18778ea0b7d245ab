/* The envelope is a copy, and outlives whoever made it. */
#include "mail/envelope.h"

static void
test_copies (void)
{
  char sender[] = "a@b", one[] = "c@d";
  const char *recipients[] = {one, "e@f", NULL};
  g_autoptr (EstEnvelope) envelope
    = est_envelope_new (sender, recipients, EST_BODY_8BITMIME);

  sender[0] = one[0] = 'x';
  recipients[1] = NULL;
  g_assert_cmpstr (envelope->sender, ==, "a@b");
  g_assert_cmpuint (g_strv_length (envelope->recipients), ==, 2);
  g_assert_cmpstr (envelope->recipients[0], ==, "c@d");
  g_assert_cmpstr (envelope->recipients[1], ==, "e@f");
  g_assert_cmpint (envelope->body, ==, EST_BODY_8BITMIME);
}

static void
test_references (void)
{
  const char *nobody[] = {NULL};
  EstEnvelope *first = est_envelope_new ("", nobody, EST_BODY_7BIT);
  g_autoptr (EstEnvelope) second = est_envelope_ref (first);

  est_envelope_unref (first);
  g_assert_cmpstr (second->sender, ==, "");
  g_assert_null (second->recipients[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/envelope/copies", test_copies);
  g_test_add_func ("/mail/envelope/references", test_references);
  return g_test_run ();
}
