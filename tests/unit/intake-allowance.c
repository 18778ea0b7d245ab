/* So many messages a day, whatever is under way and whatever the clock does. */
#include "intake/allowance.h"

#include "outbox-fixture.h"

#define GIT   "token:git"
#define DAY   (24 * G_TIME_SPAN_HOUR)
#define START (1000 * DAY)

static gint64
store_by (Fixture *fixture, const char *program)
{
  static const char *const recipients[] = {"b@example.net", NULL};
  gint64 id = 0;
  g_autoptr (EstEnvelope) envelope
    = est_envelope_new ("a@example.org", recipients, EST_BODY_7BIT);
  g_autoptr (EstContent) content = est_content_new (est_outbox_folder (fixture->outbox));
  EstLetter letter = {.envelope = envelope,
                      .account = "home",
                      .message_id = "<1@example.org>",
                      .program = program};
  g_assert_true (est_content_append (content, "x", 1, NULL));
  g_assert_true (est_outbox_add (fixture->outbox, &letter, content, &id, NULL));
  return id;
}

static gboolean
take (EstAllowance *allowance, guint per_day, gint64 *again)
{
  g_autoptr (GError) error = NULL;
  gboolean good = est_allowance_take (allowance, GIT, per_day, again, &error);
  g_assert_no_error (error);
  return good;
}

static void
test_places (Fixture *fixture, gconstpointer data)
{
  gint64 again;
  g_autoptr (EstAllowance) allowance = est_allowance_new (fixture->outbox);
  est_clock_freeze (START);
  g_assert_true (take (allowance, 2, &again));
  g_assert_true (take (allowance, 2, &again));
  g_assert_false (take (allowance, 2, &again));
  g_assert_cmpint (again, ==, 0);
  est_allowance_return (allowance, GIT, FALSE);
  est_allowance_return (allowance, GIT, TRUE);
  g_assert_true (take (allowance, 2, &again));
  est_clock_freeze (START + 5);
  est_allowance_return (allowance, GIT, TRUE);
  g_assert_false (take (allowance, 2, &again));
  g_assert_cmpint (again, ==, START + DAY);
  g_assert_true (take (allowance, 0, &again));
  g_assert_true (take (allowance, 4, &again));
  est_clock_freeze (START + DAY + 1);
  g_assert_false (take (allowance, 2, &again)); /* two are being received */
  est_allowance_return (allowance, GIT, FALSE);
  est_allowance_return (allowance, GIT, FALSE);
  g_assert_true (take (allowance, 2, &again));
  g_assert_false (take (allowance, 2, &again));
  g_assert_cmpint (again, ==, 0);
}

/* Those of other programs, and of days gone by, do not count. */
static void
test_stored (Fixture *fixture, gconstpointer data)
{
  gint64 again;
  est_clock_freeze (START - DAY - 1);
  store_by (fixture, GIT);
  est_clock_freeze (START - 100);
  store_by (fixture, GIT);
  store_by (fixture, "token:other");
  store_by (fixture, NULL);
  est_clock_freeze (START);
  g_autoptr (EstAllowance) allowance = est_allowance_new (fixture->outbox);
  g_assert_false (take (allowance, 1, &again));
  g_assert_cmpint (again, ==, START - 100 + DAY);
  g_assert_true (take (allowance, 2, &again));
}

static void
test_clock_ahead (Fixture *fixture, gconstpointer data)
{
  gint64 again;
  est_clock_freeze (START + 365 * DAY);
  store_by (fixture, GIT);
  est_clock_freeze (START);
  g_autoptr (EstAllowance) allowance = est_allowance_new (fixture->outbox);
  g_assert_false (take (allowance, 1, &again));
  g_assert_cmpint (again, ==, START + DAY);
  est_clock_freeze (START + DAY + 1);
  g_assert_true (take (allowance, 1, &again));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/intake/allowance/places", Fixture, NULL, set_up, test_places, tear_down);
  g_test_add ("/intake/allowance/stored", Fixture, NULL, set_up, test_stored, tear_down);
  g_test_add ("/intake/allowance/clock-ahead", Fixture, NULL, set_up, test_clock_ahead,
              tear_down);
  return g_test_run ();
}
