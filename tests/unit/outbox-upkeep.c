/* What the outbox does by itself: it forgets, and it does not wait for a wrong clock's
   future. */
#include "outbox-fixture.h"
#include "outbox/upkeep.h"

static void
send (Fixture *fixture, EstRecipientState state, gint64 not_before)
{
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  g_autoptr (EstReply) words = est_reply_new (451, NULL, "words");
  for (guint i = 0; i < 2; i++)
    est_outcome_set_verdict (outcome, i, state, words);
  est_outcome_set_reason (
    outcome, state == EST_RECIPIENT_SENT ? EST_REASON_NONE : EST_REASON_DEFERRED, NULL,
    NULL);
  settle (fixture, entry, outcome, not_before);
}

static guint
count_rows (EstDatabase *database, const char *sql)
{
  gint64 count = 0;
  g_assert_true (est_database_number (database, &count, 0, NULL, sql, ""));
  return (guint) count;
}

/* Sent and discarded ones go, with all that belongs to them; everything else stays, and
   so does the newest, whatever it is. */
static void
test_forgotten (Fixture *fixture, gconstpointer data)
{
  const gint64 now = est_clock_now (), month = 30 * G_TIME_SPAN_DAY;
  gint64 ids[5];
  est_clock_freeze (now - month - G_TIME_SPAN_DAY);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = add (fixture);
  g_assert_true (wish_for (fixture, EST_WISH_HOLD, ids[1], NULL));
  g_assert_true (wish_for (fixture, EST_WISH_DISCARD, ids[2], NULL));
  for (guint i = 0; i < 3; i++)
    send (fixture, EST_RECIPIENT_SENT, 0);
  est_clock_freeze (0);

  g_autoptr (EstDatabase) database = est_database_open (fixture->path, NULL);
  g_assert_false (est_upkeep_forget (database, now - 2 * month));
  g_assert_cmpuint (count_rows (database, "SELECT count(*) FROM message"), ==, 5);
  g_assert_false (est_upkeep_forget (database, now - month));
  g_assert_cmpuint (count_rows (database, "SELECT count(*) FROM message"), ==, 2);
  g_assert_cmpuint (count_rows (database, "SELECT count(*) FROM recipient"), ==, 4);
  g_assert_cmpuint (count_rows (database, "SELECT count(*) FROM attempt"), ==, 2);
  g_assert_cmpint (state_of (fixture, ids[1]), ==, EST_STATE_HELD);
  g_assert_cmpint (state_of (fixture, ids[4]), ==, EST_STATE_SENT);
  g_assert_cmpint (add (fixture), ==, ids[4] + 1);
}

static void
test_many_are_forgotten_in_steps (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 450; i++)
    add (fixture);
  change_file (fixture, "UPDATE message SET state=2, settled=5, created=5");
  g_autoptr (EstDatabase) database = est_database_open (fixture->path, NULL);
  g_assert_true (est_upkeep_forget (database, 10));
  g_assert_true (est_upkeep_forget (database, 10));
  g_assert_false (est_upkeep_forget (database, 10));
  g_assert_cmpuint (count_rows (database, "SELECT count(*) FROM message"), ==, 1);
}

/* A retry that was planned by a clock a year ahead. */
static void
test_bounded (Fixture *fixture, gconstpointer data)
{
  static const char *const recipients[] = {"b@example.net", NULL};
  const gint64 now = est_clock_now (), year = 365 * G_TIME_SPAN_DAY;
  gint64 scheduled
    = add_letter (fixture, "home", 5, recipients, now + year, EST_REASON_NONE);
  gint64 retried = add (fixture);
  gint64 soon = add (fixture);
  send (fixture, EST_RECIPIENT_PENDING, now + year);
  send (fixture, EST_RECIPIENT_PENDING, now + G_TIME_SPAN_SECOND);
  g_assert_true (
    est_outbox_bound_retries (fixture->outbox, now + G_TIME_SPAN_MINUTE, NULL));
  g_autoptr (EstEntry) one = get (fixture, scheduled), two = get (fixture, retried),
                       three = get (fixture, soon);
  g_assert_cmpint (one->not_before, ==, now + year);
  g_assert_cmpint (two->not_before, ==, now + G_TIME_SPAN_MINUTE);
  g_assert_cmpint (three->not_before, ==, now + G_TIME_SPAN_SECOND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/outbox/upkeep/forgotten", Fixture, NULL, set_up, test_forgotten,
              tear_down);
  g_test_add ("/outbox/upkeep/forgotten-in-steps", Fixture, NULL, set_up,
              test_many_are_forgotten_in_steps, tear_down);
  g_test_add ("/outbox/upkeep/bounded", Fixture, NULL, set_up, test_bounded, tear_down);
  return g_test_run ();
}
