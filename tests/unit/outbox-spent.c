/* What handovers cost is noted with their outcome, survives a crash, and is gone after a
   day; and who goes before whom. */
#include "outbox-fixture.h"

#define START (50 * 365 * G_TIME_SPAN_DAY)

static gint64
add_some (Fixture *fixture, guint count, gboolean bulk, int priority)
{
  g_auto (GStrv) recipients = g_new0 (char *, count + 1);
  for (guint i = 0; i < count; i++)
    recipients[i] = g_strdup_printf ("r%u@example.net", i);
  return add_with_options (
    fixture, 10, (const char *const *) recipients, "",
    (EstLetter){.account = "home", .bulk = bulk, .priority = priority});
}

/* One attempt: so many states, 's'ent, 'f'ailed, 'd'oubtful, 'p'ending. */
static void
attempt (Fixture *fixture, const char *states)
{
  static const char letters[] = "psfd"; /* as EstRecipientState */
  add_some (fixture, (guint) strlen (states), FALSE, 0);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (entry->n_recipients);
  for (guint i = 0; i < entry->n_recipients; i++)
    est_outcome_set_verdict (
      outcome, i, (EstRecipientState) (strchr (letters, states[i]) - letters), NULL);
  if (strchr (states, 'd') != NULL)
    est_outcome_set_reason (outcome, EST_REASON_UNCERTAIN, NULL, NULL);
  g_assert_true (est_outbox_mark (fixture->outbox, entry->id, NULL));
  settle (fixture, entry, outcome, G_MAXINT64);
}

static void
assert_spent (Fixture *fixture, guint rows, guint messages, guint recipients)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = est_outbox_spent (fixture->outbox, &error);
  guint n_messages = 0, n_recipients = 0;
  g_assert_no_error (error);
  for (guint i = 0; i < all->len; i++)
    {
      const EstSpent *spent = g_ptr_array_index (all, i);
      g_assert_cmpstr (spent->account, ==, "home");
      n_messages += spent->messages;
      n_recipients += spent->recipients;
    }
  g_assert_cmpuint (all->len, ==, rows);
  g_assert_cmpuint (n_messages, ==, messages);
  g_assert_cmpuint (n_recipients, ==, recipients);
}

static void
test_what_counts (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *states;
    guint recipients;
  } cases[] = {
    {"s",   1},
    {"sss", 3},
    {"f",   0},
    {"p",   0},
    {"sfp", 1},
    {"d",   1},
    {"sdf", 2},
    {"pp",  0}
  };
  guint rows = 0, sum = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].states);
      attempt (fixture, cases[i].states);
      rows += cases[i].recipients > 0;
      sum += cases[i].recipients;
      assert_spent (fixture, rows, rows, sum);
    }
  reopen (fixture);
  assert_spent (fixture, rows, rows, sum);
}

static void
test_gone_after_a_day (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (START);
  attempt (fixture, "s");
  est_clock_freeze (START + G_TIME_SPAN_DAY);
  attempt (fixture, "ss");
  assert_spent (fixture, 2, 2, 3);
  est_clock_freeze (START + G_TIME_SPAN_DAY + 1);
  attempt (fixture, "s");
  assert_spent (fixture, 2, 2, 3);
  est_clock_freeze (START + 3 * G_TIME_SPAN_DAY);
  reopen (fixture);
  assert_spent (fixture, 0, 0, 0);
}

/* The mark is there, the outcome is not: it may have arrived, and has cost what it can
   have cost. What was only claimed has cost nothing. */
static void
test_crash (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (START);
  add_some (fixture, 4, FALSE, 0);
  add_some (fixture, 7, FALSE, 0);
  g_autoptr (EstEntry) marked = claim (fixture);
  g_autoptr (EstEntry) claimed = claim (fixture);
  g_assert_cmpuint (claimed->n_recipients, ==, 7);
  g_assert_true (est_outbox_mark (fixture->outbox, marked->id, NULL));
  est_clock_freeze (START + G_TIME_SPAN_HOUR);
  reopen (fixture);
  assert_spent (fixture, 1, 1, 4);
  g_autoptr (GPtrArray) all = est_outbox_spent (fixture->outbox, NULL);
  const EstSpent *spent = g_ptr_array_index (all, 0);
  g_assert_cmpint (spent->time, ==, START + G_TIME_SPAN_HOUR);
  reopen (fixture); /* once */
  assert_spent (fixture, 1, 1, 4);
}

static void
test_a_clock_that_was_ahead (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (START + 30 * G_TIME_SPAN_DAY);
  attempt (fixture, "s");
  est_clock_freeze (START);
  reopen (fixture);
  g_autoptr (GPtrArray) all = est_outbox_spent (fixture->outbox, NULL);
  const EstSpent *spent = g_ptr_array_index (all, 0);
  g_assert_cmpint (spent->time, ==, START);
}

static const EstLesson *
find_lesson (const GPtrArray *lessons, const char *what)
{
  for (guint i = 0; i < lessons->len; i++)
    {
      const EstLesson *lesson = g_ptr_array_index (lessons, i);
      if (g_str_equal (lesson->what, what))
        return lesson;
    }
  return NULL;
}

/* The newest lesson of a name counts; the first handover is remembered for ever. */
static void
test_lessons (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  EstLesson lesson = {(char *) "home", (char *) "recipients-day", 100, START};
  est_clock_freeze (START);
  attempt (fixture, "f");
  est_clock_freeze (START + 5);
  attempt (fixture, "s");
  est_clock_freeze (START + 9);
  attempt (fixture, "s");
  g_assert_true (est_outbox_learn (fixture->outbox, &lesson, &error));
  lesson.value = 50;
  g_assert_true (est_outbox_learn (fixture->outbox, &lesson, &error));
  reopen (fixture);
  g_autoptr (GPtrArray) lessons = est_outbox_lessons (fixture->outbox, &error);
  g_assert_cmpuint (lessons->len, ==, 2);
  g_assert_cmpint (find_lesson (lessons, "recipients-day")->value, ==, 50);
  g_assert_cmpint (find_lesson (lessons, "since")->value, ==, START + 5);
}

/* Priority, then single before bulk, then who has waited longest. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  gint64 bulk = add_some (fixture, 1, TRUE, 0);
  gint64 low = add_some (fixture, 1, FALSE, -1);
  gint64 letter = add_some (fixture, 3, FALSE, 0);
  gint64 high_bulk = add_some (fixture, 1, TRUE, 4);
  gint64 letter_2 = add_some (fixture, 1, FALSE, 0);
  const gint64 order[] = {high_bulk, letter, letter_2, bulk, low};

  g_autoptr (GArray) queue = est_outbox_queue (fixture->outbox, "home", 100);
  g_assert_cmpuint (queue->len, ==, G_N_ELEMENTS (order));
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const EstNext *turn = &g_array_index (queue, EstNext, i);
      EstNext next = est_outbox_next (fixture->outbox, "home", TRUE);
      g_assert_cmpint (turn->id, ==, order[i]);
      g_assert_cmpint (next.id, ==, order[i]);
      g_assert_cmpuint (next.recipients, ==, order[i] == letter ? 3 : 1);
      g_assert_cmpint (next.bulk, ==, order[i] == bulk || order[i] == high_bulk);
      g_autoptr (EstEntry) entry = claim (fixture);
      g_assert_cmpint (entry->id, ==, order[i]);
    }
  g_assert_cmpint (est_outbox_next (fixture->outbox, "home", TRUE).id, ==, 0);
  g_autoptr (GArray) rest = est_outbox_queue (fixture->outbox, "home", 100);
  g_assert_cmpuint (rest->len, ==, 0);
}

static gboolean
admit_small (const EstEntry *entry, gpointer asked)
{
  ++*(guint *) asked;
  return entry->n_recipients < 3;
}

/* Whoever is not admitted is left where it is, and nobody hears of it. */
static void
test_terms (Fixture *fixture, gconstpointer data)
{
  guint asked = 0;
  add_some (fixture, 5, FALSE, 1);
  add_some (fixture, 1, TRUE, 2);
  EstClaimTerms terms = {"home", G_MAXUINT64, FALSE, admit_small, &asked};
  g_assert_null (est_outbox_claim (fixture->outbox, &terms, NULL, NULL));
  g_assert_cmpuint (asked, ==, 1);
  terms.bulk = TRUE;
  g_autoptr (EstEntry) bulk = est_outbox_claim (fixture->outbox, &terms, NULL, NULL);
  g_assert_cmpuint (bulk->n_recipients, ==, 1);
  g_assert_true (bulk->bulk);
  g_assert_null (est_outbox_claim (fixture->outbox, &terms, NULL, NULL));
  g_autoptr (EstEntry) other = claim (fixture);
  g_assert_cmpuint (other->n_recipients, ==, 5);
}

#define TEST(name, function)                                                             \
  g_test_add ("/outbox/spent/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("what-counts", test_what_counts);
  TEST ("a-day", test_gone_after_a_day);
  TEST ("crash", test_crash);
  TEST ("clock-ahead", test_a_clock_that_was_ahead);
  TEST ("lessons", test_lessons);
  TEST ("order", test_order);
  TEST ("terms", test_terms);
  return g_test_run ();
}
