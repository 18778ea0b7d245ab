/* Mail that is to come back when it is late does so at its hour, and nothing else does.
 */
#include "outbox-fixture.h"
#include "outbox/late.h"

#define HOUR (2000000000 * (gint64) G_USEC_PER_SEC)

static const char *const recipients[] = {"b@example.net", "c@example.net", NULL};

static gint64
add_mail (Fixture *fixture, const char *options)
{
  return add_with_options (fixture, 10, recipients, options,
                           (EstLetter){.account = "home"});
}

static void
set_up_late (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (HOUR - G_TIME_SPAN_HOUR);
  set_up (fixture, data);
}

static void
fail_late (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (est_outbox_fail_late (fixture->outbox, &error));
  g_assert_no_error (error);
}

static void
test_hour (void)
{
  static const struct
  {
    const char *options;
    gint64 hour;
  } cases[] = {
    {"",                                       0   },
    {" RET=FULL ENVID=BY",                     0   },
    {" BY=2000000000;R",                       HOUR},
    {" BY=2000000000;RT",                      HOUR},
    {" BY=2000000000;N",                       0   },
    {" SMTPUTF8 ENVID=x BY=2000000000;R",      HOUR},
    {" BY=2000000000;R BY=2000000001;R",       0   },
    {" BY=nonsense",                           0   },
    {" BY=99999999999999999999999999999999;R", 0   },
    {" ENVID=x+20BY=2000000000;R",             0   },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (est_late_hour (cases[i].options), ==, cases[i].hour);
}

/* Not a moment before, and then with words, in the journal too. */
static void
test_at_its_hour (Fixture *fixture, gconstpointer data)
{
  gint64 other = add_mail (fixture, " BY=1999999999;N");
  gint64 id = add_mail (fixture, " BY=2000000000;R");
  g_assert_cmpint (est_outbox_next_late (fixture->outbox), ==, HOUR);
  est_clock_freeze (HOUR - 1);
  fail_late (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
  est_clock_freeze (HOUR);
  fail_late (fixture);
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_autoptr (GPtrArray) attempts = est_outbox_attempts (fixture->outbox, id, NULL);
  const EstAttempt *attempt = g_ptr_array_index (attempts, 0);
  g_assert_cmpint (entry->state, ==, EST_STATE_FAILED);
  g_assert_cmpint (entry->reason, ==, EST_REASON_LATE);
  g_assert_true (g_str_has_prefix (entry->reply, "554 5.4.7 "));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (entry->recipients[i].state, ==, EST_RECIPIENT_FAILED);
      g_assert_cmpstr (entry->recipients[i].reply, ==, entry->reply);
    }
  g_assert_cmpuint (attempts->len, ==, 1);
  g_assert_cmpint (attempt->reason, ==, EST_REASON_LATE);
  g_assert_cmpstr (attempt->reply, ==, entry->reply);
  g_assert_cmpint (state_of (fixture, other), ==, EST_STATE_WAITING);
  g_assert_cmpint (est_outbox_next_late (fixture->outbox), ==, G_MAXINT64);
}

/* Those that have it have it. */
static void
test_some_were_sent (Fixture *fixture, gconstpointer data)
{
  gint64 id = add_mail (fixture, " BY=2000000000;R");
  g_autoptr (EstEntry) claimed = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  g_autoptr (EstReply) words = est_reply_new (250, NULL, "taken");
  est_outcome_set_verdict (outcome, 0, EST_RECIPIENT_SENT, words);
  est_outcome_set_reason (outcome, EST_REASON_DEFERRED, NULL, NULL);
  settle (fixture, claimed, outcome, 0);
  est_clock_freeze (HOUR);
  fail_late (fixture);
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_assert_cmpint (entry->state, ==, EST_STATE_FAILED);
  g_assert_cmpint (entry->recipients[0].state, ==, EST_RECIPIENT_SENT);
  g_assert_cmpstr (entry->recipients[0].reply, ==, "250 taken");
  g_assert_cmpint (entry->recipients[1].state, ==, EST_RECIPIENT_FAILED);
}

/* It may be there in time: that is a question. */
static void
test_doubtful (Fixture *fixture, gconstpointer data)
{
  gint64 id = add_mail (fixture, " BY=2000000000;R");
  g_autoptr (EstEntry) claimed = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  est_outcome_set_verdict (outcome, 0, EST_RECIPIENT_DOUBTFUL, NULL);
  est_outcome_set_verdict (outcome, 1, EST_RECIPIENT_DOUBTFUL, NULL);
  est_outcome_set_reason (outcome, EST_REASON_UNCERTAIN, NULL, NULL);
  settle (fixture, claimed, outcome, 0);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
  est_clock_freeze (HOUR);
  fail_late (fixture);
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_assert_cmpint (entry->state, ==, EST_STATE_HELD);
  g_assert_cmpint (entry->reason, ==, EST_REASON_UNCERTAIN);
  g_assert_true (wish_for (fixture, EST_WISH_ARRIVED, id, NULL));
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_SENT);
}

/* The person's question stands; when it is answered, the mail is as late as any other. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  gint64 id = add_mail (fixture, " BY=2000000000;R");
  g_assert_true (wish_for (fixture, EST_WISH_HOLD, id, NULL));
  g_assert_cmpint (est_outbox_next_late (fixture->outbox), ==, G_MAXINT64);
  est_clock_freeze (HOUR + 5);
  fail_late (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_HELD);
  g_assert_true (wish_for (fixture, EST_WISH_RELEASE, id, NULL));
  g_assert_cmpint (est_outbox_next_late (fixture->outbox), ==, HOUR);
  fail_late (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_FAILED);
}

static void
test_under_way (Fixture *fixture, gconstpointer data)
{
  gint64 id = add_mail (fixture, " BY=2000000000;R");
  g_autoptr (EstEntry) entry = claim (fixture);
  g_assert_cmpint (entry->late, ==, HOUR);
  est_clock_freeze (HOUR + 5);
  g_assert_cmpint (est_outbox_next_late (fixture->outbox), ==, G_MAXINT64);
  fail_late (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_SENDING);
  est_outbox_release (fixture->outbox, id);
  g_assert_cmpint (est_outbox_next_late (fixture->outbox), ==, HOUR);
  fail_late (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_FAILED);
}

/* The column is only a hint: what it says wrongly is put right, and a message that is not
   as it was sealed is left to its attempt. */
static void
test_flipped_bits (Fixture *fixture, gconstpointer data)
{
  gint64 early = add_mail (fixture, " BY=2000000000;R");
  gint64 none = add_mail (fixture, "");
  gint64 unsealed = add_mail (fixture, " BY=2000000000;R");
  change_file (fixture, "UPDATE message SET late=7");
  change_file (fixture, "UPDATE message SET options=' BY=1000000000;R' WHERE id=3");
  fail_late (fixture);
  for (gint64 id = early; id <= unsealed; id++)
    g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
  g_autoptr (EstEntry) one = get (fixture, early), two = get (fixture, none),
                       three = get (fixture, unsealed);
  g_assert_cmpint (one->late, ==, HOUR);
  g_assert_cmpint (two->late, ==, 0);
  g_assert_cmpint (three->late, ==, 0);
}

/* What recovers a damaged outbox does not believe the column either. */
static void
test_recovered (Fixture *fixture, gconstpointer data)
{
  gint64 id = add_mail (fixture, " BY=2000000000;R");
  close_outbox (fixture);
  change_file (fixture, "UPDATE message SET late=0");
  g_assert_true (est_outbox_repair (fixture->path, NULL));
  open_outbox (fixture);
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_assert_cmpint (entry->late, ==, HOUR);
  g_assert_cmpint (entry->state, ==, EST_STATE_WAITING);
}

/* More than fit into one commit, and what is told about each. */
static void
count (EstOutbox *outbox, gint64 id, int from, int to, gpointer data)
{
  *(guint *) data += from == EST_STATE_WAITING && to == EST_STATE_FAILED;
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  guint told = 0;
  for (guint i = 0; i < 1100; i++)
    add_mail (fixture, " BY=2000000000;R");
  est_clock_freeze (HOUR);
  g_signal_connect (fixture->outbox, "changed", G_CALLBACK (count), &told);
  fail_late (fixture);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (told, ==, 1100);
  g_assert_cmpint (state_of (fixture, 1), ==, EST_STATE_FAILED);
  g_assert_cmpint (state_of (fixture, 1100), ==, EST_STATE_FAILED);
}

/* While the program was not there. */
static void
test_reopened (Fixture *fixture, gconstpointer data)
{
  gint64 id = add_mail (fixture, " BY=2000000000;R");
  reopen (fixture);
  g_assert_cmpint (est_outbox_next_late (fixture->outbox), ==, HOUR);
  est_clock_freeze (HOUR + G_TIME_SPAN_DAY);
  fail_late (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_FAILED);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    {"at-its-hour",    test_at_its_hour   },
    {"some-were-sent", test_some_were_sent},
    {"doubtful",       test_doubtful      },
    {"held",           test_held          },
    {"under-way",      test_under_way     },
    {"flipped-bits",   test_flipped_bits  },
    {"recovered",      test_recovered     },
    {"many",           test_many          },
    {"reopened",       test_reopened      },
  };
  if (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR))
    g_setenv ("TMPDIR", "/dev/shm", TRUE); /* a thousand commits, and no power cut */
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL); /* recovering warns */
  g_test_add_func ("/outbox/late/hour", test_hour);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/outbox/late/", tests[i].name, NULL);
      g_test_add (path, Fixture, NULL, set_up_late, tests[i].test, tear_down);
    }
  return g_test_run ();
}
