/* Mail for later that its relay may be given before: when it is due, in which order, and
   what became of it. */
#include "outbox-fixture.h"

#define HOUR G_TIME_SPAN_HOUR
#define NOW  (G_GINT64_CONSTANT (500000) * HOUR)

static const char *const recipients[] = {"b@example.net", "c@example.net", NULL};

static gint64
add_wanted (Fixture *fixture, gint64 wanted)
{
  return add_letter (fixture, "home", 10, recipients, wanted, EST_REASON_NONE);
}

static void
set_reach (Fixture *fixture, gint64 longest)
{
  const EstReach reach = {longest, G_MAXINT64, 0};
  est_outbox_set_reach (fixture->outbox, "home", &reach);
}

static gint64
next_due (Fixture *fixture)
{
  return est_outbox_next_due (fixture->outbox, "home", G_MAXUINT64);
}

/* As receipt.c does it. */
static void
settle_ahead (Fixture *fixture, const EstEntry *entry, EstOutcome *outcome, gint64 ahead)
{
  static const guint numbers[] = {0, 1};
  EstSettlement settlement = {.entry = entry,
                              .outcome = outcome,
                              .numbers = numbers,
                              .not_before = entry->wanted,
                              .lane_time = 1,
                              .ahead = ahead};
  g_assert_true (est_outbox_settle (fixture->outbox, &settlement, NULL));
}

static void
test_due (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (NOW);
  gint64 far = add_wanted (fixture, NOW + 30 * HOUR);
  gint64 near = add_wanted (fixture, NOW + 5 * HOUR);
  g_assert_cmpint (next_due (fixture), ==, NOW + 5 * HOUR);
  g_assert_null (claim (fixture));
  set_reach (fixture, 24 * HOUR);
  g_assert_cmpint (next_due (fixture), <=, NOW);
  g_autoptr (EstEntry) first = claim (fixture);
  g_assert_cmpint (first->id, ==, near);
  g_assert_cmpint (next_due (fixture), ==, NOW + 6 * HOUR);
  g_assert_null (claim (fixture));
  set_reach (fixture, G_MAXINT64);
  g_autoptr (EstEntry) second = claim (fixture);
  g_assert_cmpint (second->id, ==, far);
  g_assert_cmpint (next_due (fixture), ==, G_MAXINT64);
}

/* What is due by itself goes first, another account's reach is its own, and large mail
   does not count where small is asked for. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (NOW);
  add_wanted (fixture, NOW + HOUR);
  add_letter (fixture, "other", 10, recipients, NOW + HOUR, EST_REASON_NONE);
  gint64 plain = add_wanted (fixture, 0);
  set_reach (fixture, G_MAXINT64);
  g_autoptr (EstEntry) first = claim (fixture);
  g_assert_cmpint (first->id, ==, plain);
  g_assert_cmpint (est_outbox_next_due (fixture->outbox, "home", 9), ==, G_MAXINT64);
  g_assert_cmpint (est_outbox_next_due (fixture->outbox, "other", 10), ==, NOW + HOUR);
}

static void
test_sent (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (NOW);
  gint64 id = add_wanted (fixture, NOW + HOUR);
  set_reach (fixture, G_MAXINT64);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  est_outcome_settle_rest (outcome, EST_RECIPIENT_SENT, NULL);
  settle_ahead (fixture, entry, outcome, entry->wanted);
  g_autoptr (EstEntry) sent = get (fixture, id);
  g_assert_cmpint (sent->state, ==, EST_STATE_SENT);
  g_assert_cmpint (sent->ahead, ==, NOW + HOUR);
  g_assert_cmpint (est_outbox_kept_until (fixture->outbox, id), ==, NOW + HOUR);
}

/* It waits here from now on, for its time and no other reason, unless its person lets it
   begin anew. */
static void
test_came_back (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (NOW);
  gint64 id = add_wanted (fixture, NOW + HOUR);
  set_reach (fixture, G_MAXINT64);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  est_outcome_set_reason (outcome, EST_REASON_DEFERRED, NULL, NULL);
  settle_ahead (fixture, entry, outcome, -1);
  g_autoptr (EstEntry) waiting = get (fixture, id);
  g_assert_cmpint (waiting->state, ==, EST_STATE_WAITING);
  g_assert_cmpint (waiting->reason, ==, EST_REASON_NONE);
  g_assert_cmpint (waiting->attempts, ==, 0);
  g_assert_cmpint (waiting->first_answer, ==, 0);
  g_assert_cmpint (est_outbox_kept_until (fixture->outbox, id), ==, 0);
  reopen (fixture);
  set_reach (fixture, G_MAXINT64);
  g_assert_cmpint (next_due (fixture), ==, NOW + HOUR);
  g_assert_true (wish_for (fixture, EST_WISH_HOLD, id, NULL));
  g_assert_true (wish_for (fixture, EST_WISH_RELEASE, id, NULL));
  g_assert_cmpint (next_due (fixture), <=, NOW);
}

/* Sent by its person it goes at once and is not kept; put off it waits for that. */
static void
test_others (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (NOW);
  gint64 id = add_wanted (fixture, NOW + HOUR);
  set_reach (fixture, G_MAXINT64);
  g_assert_true (wish_for (fixture, EST_WISH_SEND, id, NULL));
  g_autoptr (EstEntry) entry = claim (fixture);
  g_assert_cmpint (entry->not_before, <=, NOW);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  est_outcome_set_reason (outcome, EST_REASON_DEFERRED, NULL, NULL);
  settle (fixture, entry, outcome, NOW + G_TIME_SPAN_MINUTE);
  g_assert_cmpint (next_due (fixture), ==, NOW + G_TIME_SPAN_MINUTE);
}

/* @hold: what was refused as a whole asks its person instead. */
static void
test_hold (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  static const guint numbers[] = {0, 1};
  est_outcome_set_reason (outcome, EST_REASON_TOO_LARGE, NULL, NULL);
  est_outcome_set_figures (outcome, "20 10");
  EstSettlement settlement = {.entry = entry,
                              .outcome = outcome,
                              .numbers = numbers,
                              .counts = TRUE,
                              .lane_time = 1,
                              .hold = TRUE};
  g_assert_true (est_outbox_settle (fixture->outbox, &settlement, NULL));
  g_autoptr (EstEntry) held = get (fixture, id);
  g_assert_cmpint (held->state, ==, EST_STATE_HELD);
  g_assert_cmpint (held->reason, ==, EST_REASON_TOO_LARGE);
  g_assert_cmpstr (held->figures, ==, "20 10");
  g_assert_true (wish_for (fixture, EST_WISH_RELEASE, id, NULL));
  g_autoptr (EstEntry) again = claim (fixture);
  g_assert_cmpint (again->id, ==, id);
}

#define TEST(name, function)                                                             \
  g_test_add ("/outbox/ahead/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("due", test_due);
  TEST ("order", test_order);
  TEST ("sent", test_sent);
  TEST ("came-back", test_came_back);
  TEST ("others", test_others);
  TEST ("hold", test_hold);
  return g_test_run ();
}
