/* Mail that is held for apps: what is asked about which of them, and what a yes to one
   lets go. */
#include "outbox-fixture.h"

static gint64
add_of (Fixture *fixture, const char *program, const char *sender, EstReason held)
{
  static const char *const recipients[] = {"b@example.net", NULL};
  gint64 id = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (EstEnvelope) envelope = est_envelope_new (sender, recipients, EST_BODY_7BIT);
  g_autoptr (EstContent) content = est_content_new (est_outbox_folder (fixture->outbox));
  EstLetter letter = {.envelope = envelope,
                      .account = "home",
                      .message_id = "<1@example.org>",
                      .program = program,
                      .held = held};
  g_assert_true (est_content_append (content, "x", 1, NULL));
  est_outbox_add (fixture->outbox, &letter, content, &id, &error);
  g_assert_no_error (error);
  return id;
}

static guint
count (Fixture *fixture, const char *program)
{
  guint number = 99;
  g_assert_true (est_outbox_count_asking (fixture->outbox, program, &number, NULL));
  return number;
}

static guint
release (Fixture *fixture, const char *program)
{
  guint released = 0;
  const EstSelection selection = {.states = EST_STATE_BIT (EST_STATE_HELD),
                                  .reason = EST_REASON_APP,
                                  .program = program};
  g_assert_true (
    est_control_grant (fixture->outbox, EST_WISH_RELEASE, &selection, &released, NULL));
  return released;
}

static void
test_asking (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (1000 * G_USEC_PER_SEC);
  g_autoptr (GPtrArray) nobody = est_outbox_asking (fixture->outbox, NULL);
  g_assert_cmpuint (nobody->len, ==, 0);
  add_of (fixture, "program:mutt", "a@x", EST_REASON_NONE);
  add_of (fixture, "snap:b", "a@x", EST_REASON_BY_HAND);
  gint64 first = add_of (fixture, "snap:b", "c@x", EST_REASON_APP);
  est_clock_freeze (2000 * G_USEC_PER_SEC);
  add_of (fixture, "flatpak:a", "", EST_REASON_APP);
  add_of (fixture, "snap:b", "a@x", EST_REASON_APP);
  add_of (fixture, "snap:b", "c@x", EST_REASON_APP);
  add_of (fixture, NULL, "c@x", EST_REASON_APP);
  reopen (fixture);

  g_autoptr (GPtrArray) apps = est_outbox_asking (fixture->outbox, NULL);
  g_assert_cmpuint (apps->len, ==, 2);
  const EstAsking *a = g_ptr_array_index (apps, 0), *b = g_ptr_array_index (apps, 1);
  g_assert_cmpstr (a->program, ==, "flatpak:a");
  g_assert_cmpuint (a->count, ==, 1);
  g_assert_cmpstr (a->senders[0], ==, "");
  g_assert_cmpstr (b->program, ==, "snap:b");
  g_assert_cmpuint (b->count, ==, 3);
  g_assert_cmpint (b->since, ==, 1000 * G_USEC_PER_SEC);
  g_assert_cmpint (b->first, ==, first);
  g_assert_cmpuint (g_strv_length (b->senders), ==, 2);
  g_assert_cmpstr (b->senders[0], ==, "a@x");
  g_assert_cmpstr (b->senders[1], ==, "c@x");
}

static void
test_one_of_them (Fixture *fixture, gconstpointer data)
{
  gint64 a = add_of (fixture, "flatpak:a", "a@x", EST_REASON_APP);
  gint64 b = add_of (fixture, "snap:b", "a@x", EST_REASON_APP);
  gint64 by_hand = add_of (fixture, "snap:b", "a@x", EST_REASON_BY_HAND);
  g_assert_cmpuint (count (fixture, "snap:b"), ==, 1);
  g_assert_cmpuint (count (fixture, "snap"), ==, 0);
  g_assert_cmpuint (release (fixture, "snap:c"), ==, 0);
  g_assert_cmpuint (release (fixture, "snap:b"), ==, 1);
  g_assert_cmpint (state_of (fixture, a), ==, EST_STATE_HELD);
  g_assert_cmpint (state_of (fixture, b), ==, EST_STATE_WAITING);
  g_assert_cmpint (state_of (fixture, by_hand), ==, EST_STATE_HELD);
  g_assert_cmpuint (count (fixture, "snap:b"), ==, 0);
  g_assert_true (wish_for (fixture, EST_WISH_DISCARD, a, NULL));
  g_assert_cmpuint (count (fixture, "flatpak:a"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/outbox/asking/list", Fixture, NULL, set_up, test_asking, tear_down);
  g_test_add ("/outbox/asking/one", Fixture, NULL, set_up, test_one_of_them, tear_down);
  return g_test_run ();
}
