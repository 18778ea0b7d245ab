/* What a person asks of messages, and what becomes of them. */
#include "outbox-fixture.h"

#include <unistd.h>

static void
refuse_all (Fixture *fixture, gint64 id)
{
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  g_autoptr (EstReply) no = est_reply_new (550, "5.1.1", "no such user");
  g_assert_cmpint (entry->id, ==, id);
  est_outcome_settle_rest (outcome, EST_RECIPIENT_FAILED, no);
  est_outcome_set_reason (outcome, EST_REASON_RECIPIENT_REFUSED, NULL, no);
  settle (fixture, entry, outcome, 0);
}

static void
doubt_twice (Fixture *fixture)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (EstEntry) entry = claim (fixture);
      g_autoptr (EstOutcome) outcome = est_outcome_new (2);
      est_outcome_settle_rest (outcome, EST_RECIPIENT_DOUBTFUL, NULL);
      est_outcome_set_reason (outcome, EST_REASON_UNCERTAIN, NULL, NULL);
      settle (fixture, entry, outcome, 0);
    }
}

static const char *
last_words (Fixture *fixture, gint64 id, GPtrArray **attempts)
{
  *attempts = est_outbox_attempts (fixture->outbox, id, NULL);
  const EstAttempt *last = g_ptr_array_index (*attempts, (*attempts)->len - 1);
  g_assert_cmpint (last->reason, ==, EST_REASON_BY_HAND);
  return last->detail;
}

static void
test_held_and_released (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) attempts = NULL;
  gint64 id = add (fixture);
  g_assert_true (wish_for (fixture, EST_WISH_HOLD, id, NULL));
  reopen (fixture);
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_assert_cmpint (entry->state, ==, EST_STATE_HELD);
  g_assert_cmpint (entry->reason, ==, EST_REASON_BY_HAND);
  g_assert_null (claim (fixture));
  g_assert_cmpstr (last_words (fixture, id, &attempts), ==, "held");
  g_assert_true (wish_for (fixture, EST_WISH_RELEASE, id, NULL));
  g_autoptr (EstEntry) due = claim (fixture);
  g_assert_cmpint (due->id, ==, id);
  g_assert_cmpint (due->reason, ==, EST_REASON_NONE);
}

/* Released mail keeps to its time, mail that is sent now does not. */
static void
test_scheduled (Fixture *fixture, gconstpointer data)
{
  static const char *const recipients[] = {"b@example.net", NULL};
  gint64 later = est_clock_now () + G_TIME_SPAN_DAY;
  gint64 id = add_letter (fixture, "home", 10, recipients, later, EST_REASON_BY_HAND);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_HELD);
  g_assert_true (wish_for (fixture, EST_WISH_RELEASE, id, NULL));
  g_assert_null (claim (fixture));
  g_assert_cmpint (est_outbox_next_due (fixture->outbox, "home", G_MAXUINT64), ==, later);
  g_assert_true (est_outbox_bound_retries (fixture->outbox, 1, NULL));
  g_assert_null (claim (fixture));
  g_assert_true (wish_for (fixture, EST_WISH_SEND, id, NULL));
  g_autoptr (EstEntry) due = claim (fixture);
  g_assert_nonnull (due);
}

static void
test_arrived (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = add (fixture);
  g_assert_false (wish_for (fixture, EST_WISH_ARRIVED, id, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NOT_POSSIBLE);
  g_assert_cmpstr (error->message, ==, "1 waiting");
  doubt_twice (fixture);
  g_assert_true (wish_for (fixture, EST_WISH_ARRIVED, id, NULL));
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_assert_cmpint (entry->state, ==, EST_STATE_SENT);
  g_assert_cmpint (entry->recipients[1].state, ==, EST_RECIPIENT_SENT);
  g_autoptr (GBytes) content = est_outbox_read (fixture->outbox, id, 0, NULL);
  g_assert_cmpuint (g_bytes_get_size (content), ==, 0);
}

/* Of two recipients one was refused: "it arrived" speaks of the other. */
static void
test_arrived_at_one (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  doubt_twice (fixture);
  change_file (fixture, "UPDATE recipient SET state=2 WHERE number=0");
  g_assert_true (wish_for (fixture, EST_WISH_ARRIVED, id, NULL));
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_assert_cmpint (entry->state, ==, EST_STATE_FAILED);
  g_assert_cmpint (entry->recipients[0].state, ==, EST_RECIPIENT_FAILED);
  g_assert_cmpint (entry->recipients[1].state, ==, EST_RECIPIENT_SENT);
}

static void
test_discarded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  gint64 id = add (fixture);
  g_assert_true (wish_for (fixture, EST_WISH_DISCARD, id, NULL));
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_DISCARDED);
  g_assert_cmpstr (last_words (fixture, id, &attempts), ==, "discarded");
  g_assert_cmpint (est_control_export (fixture->outbox, id, &error), ==, -1);
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NO_CONTENT);
  g_clear_error (&error);
  g_assert_false (wish_for (fixture, EST_WISH_SEND, id, &error));
  g_assert_cmpstr (error->message, ==, "1 discarded");
}

static void
test_all_or_nothing (Fixture *fixture, gconstpointer data)
{
  guint count = 7;
  gint64 first = add (fixture);
  const gint64 ids[] = {first, first, 4711};
  g_autoptr (GError) error = NULL;
  EstSelection selection = {.ids = ids, .n_ids = 3};
  g_assert_false (
    est_control_grant (fixture->outbox, EST_WISH_HOLD, &selection, &count, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NO_SUCH_MESSAGE);
  g_assert_cmpint (state_of (fixture, first), ==, EST_STATE_WAITING);

  selection.n_ids = 2;
  g_assert_true (
    est_control_grant (fixture->outbox, EST_WISH_HOLD, &selection, &count, NULL));
  g_assert_cmpuint (count, ==, 1);
}

typedef struct
{
  EstSelection selection;
  guint count;
} FilterCase;

static void
test_filter (Fixture *fixture, gconstpointer data)
{
  static const char *const other[] = {"Ärzte@example.com", NULL};
  gint64 now = est_clock_now ();
  add (fixture);
  add_for (fixture, "work", 10, other);
  gint64 held = add (fixture);
  g_assert_true (wish_for (fixture, EST_WISH_HOLD, held, NULL));
  const FilterCase filter_cases[] = {
    {{0},                                        3},
    {{.states = EST_STATE_BIT (EST_STATE_HELD)}, 1},
    {{.states = EST_STATE_BIT (EST_STATE_SENT)}, 0},
    {{.account = "work"},                        1},
    {{.account = "nobody"},                      0},
    {{.reason = EST_REASON_BY_HAND},             1},
    {{.since = now - 1},                         3},
    {{.since = now + G_TIME_SPAN_HOUR},          0},
    {{.until = now - 1},                         0},
    {{.text = "ÄRZTE"},                         1},
    {{.text = "example.net"},                    2},
    {{.text = "hello"},                          3},
    {{.text = "<1@"},                            3},
    {{.text = "%"},                              0},
    {{.text = "hello", .account = "work"},       1},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (filter_cases); i++)
    {
      g_autoptr (GPtrArray) found
        = est_outbox_list (fixture->outbox, &filter_cases[i].selection, 0, 10, NULL);
      g_assert_cmpuint (found->len, ==, filter_cases[i].count);
    }
}

/* What a worker has is "sending", and not "waiting", for a filter too; a wish by filter
   leaves it alone. */
static void
test_filter_and_claim (Fixture *fixture, gconstpointer data)
{
  guint count = 0;
  gint64 taken = add (fixture);
  gint64 free_one = add (fixture);
  const EstSelection sending = {.states = EST_STATE_BIT (EST_STATE_SENDING)};
  const EstSelection all = {0};
  g_autoptr (EstEntry) entry = claim (fixture);
  g_assert_cmpint (entry->id, ==, taken);
  g_autoptr (GPtrArray) found = est_outbox_list (fixture->outbox, &sending, 0, 9, NULL);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_true (
    est_control_grant (fixture->outbox, EST_WISH_DISCARD, &all, &count, NULL));
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpint (state_of (fixture, free_one), ==, EST_STATE_DISCARDED);
  g_assert_cmpint (state_of (fixture, taken), ==, EST_STATE_SENDING);
  est_outbox_release (fixture->outbox, taken);
}

/* A worker in another thread that gives the message back when it is called. */
static gpointer
give_back (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GCancellable) call_back = g_cancellable_new ();
  g_autoptr (EstEntry) entry = claim_of (fixture, "home", call_back);
  while (!g_cancellable_is_cancelled (call_back))
    g_usleep (1000);
  g_autoptr (GError) error = NULL;
  g_assert_null (est_outbox_read (fixture->outbox, entry->id, 0, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_CALLED_BACK);
  g_assert_false (est_outbox_mark (fixture->outbox, entry->id, NULL));
  est_outbox_release (fixture->outbox, entry->id);
  return NULL;
}

static void
await_sending (Fixture *fixture, gint64 id)
{
  for (guint i = 0; i < 10000 && state_of (fixture, id) != EST_STATE_SENDING; i++)
    g_usleep (1000);
}

static void
test_called_back (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  GThread *worker = g_thread_new ("worker", give_back, fixture);
  await_sending (fixture, id);
  g_assert_true (wish_for (fixture, EST_WISH_DISCARD, id, NULL));
  g_thread_join (worker);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_DISCARDED);
}

/* One whose last octet is out: the answer decides. */
static gpointer
send_it (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  g_assert_true (est_outbox_mark (fixture->outbox, entry->id, NULL));
  g_usleep (300 * 1000);
  est_outcome_settle_rest (outcome, EST_RECIPIENT_SENT, NULL);
  settle (fixture, entry, outcome, 0);
  return NULL;
}

static void
test_too_late (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = add (fixture);
  GThread *worker = g_thread_new ("worker", send_it, fixture);
  await_sending (fixture, id);
  g_usleep (100 * 1000);
  g_assert_false (wish_for (fixture, EST_WISH_DISCARD, id, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NOT_POSSIBLE);
  g_assert_cmpstr (error->message, ==, "1 sent");
  g_thread_join (worker);
}

static void
test_under_way (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = add (fixture);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_assert_cmpint (entry->id, ==, id);
  g_assert_true (est_outbox_mark (fixture->outbox, id, NULL));
  g_assert_false (wish_for (fixture, EST_WISH_HOLD, id, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_UNDER_WAY);
  g_assert_cmpstr (error->message, ==, "1");
  est_outbox_release (fixture->outbox, id);
}

static void
test_readdressed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint *numbers = NULL;
  gint64 id = add (fixture);
  refuse_all (fixture, id);
  g_assert_false (
    est_control_readdress (fixture->outbox, id, "x@example.net", "y@z", &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NO_SUCH_RECIPIENT);
  g_assert_true (est_control_readdress (fixture->outbox, id, "b@example.net",
                                        "bob@example.net", NULL));
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstEnvelope) envelope = est_entry_pending_envelope (entry, &numbers);
  g_assert_cmpuint (g_strv_length (envelope->recipients), ==, 1);
  g_assert_cmpstr (envelope->recipients[0], ==, "bob@example.net");
  g_assert_cmpint (entry->recipients[1].state, ==, EST_RECIPIENT_FAILED);
}

static gboolean
may_work (const char *account, const char *sender, gpointer data)
{
  g_assert_cmpstr (sender, ==, "a@example.org");
  return g_str_equal (account, "work");
}

static void
test_moved (Fixture *fixture, gconstpointer data)
{
  guint count = 7;
  gint64 id = add (fixture);
  g_autoptr (GError) error = NULL;
  const EstSelection one = {.ids = &id, .n_ids = 1}, all = {0};
  g_assert_false (
    est_control_move (fixture->outbox, &one, "shop", may_work, NULL, &count, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NOT_ITS_SENDER);
  g_assert_true (
    est_control_move (fixture->outbox, &all, "shop", may_work, NULL, &count, NULL));
  g_assert_cmpuint (count, ==, 0);
  g_assert_true (
    est_control_move (fixture->outbox, &all, "work", may_work, NULL, &count, NULL));
  g_assert_cmpuint (count, ==, 1);
  g_assert_null (claim (fixture));
  g_autoptr (EstEntry) entry = claim_of (fixture, "work", NULL);
  g_assert_cmpint (entry->id, ==, id);
}

static void
test_exported (Fixture *fixture, gconstpointer data)
{
  static const char *const recipients[] = {"b@example.net", NULL};
  const gsize sizes[] = {1, EST_CHUNK_SIZE * 5};
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      gint64 id = add_for (fixture, "home", sizes[i], recipients);
      int fd = est_control_export (fixture->outbox, id, NULL);
      g_assert_cmpint (fd, >=, 0);
      g_assert_cmpint (lseek (fd, 0, SEEK_END), ==, (gssize) sizes[i]);
      g_assert_cmpint (write (fd, "x", 1), <, 0);
      close (fd);
    }
}

static void
test_halts (Fixture *fixture, gconstpointer data)
{
  g_assert_true (est_control_halt (fixture->outbox, "home", NULL));
  g_assert_true (est_control_halt (fixture->outbox, "home", NULL));
  g_assert_true (est_control_halt (fixture->outbox, "", NULL));
  reopen (fixture);
  g_autoptr (GHashTable) halts = est_control_halts (fixture->outbox, NULL);
  g_assert_cmpuint (g_hash_table_size (halts), ==, 2);
  g_assert_true (est_control_unhalt (fixture->outbox, "work", NULL));
  g_assert_true (est_control_unhalt (fixture->outbox, "", NULL));
  g_autoptr (GHashTable) none = est_control_halts (fixture->outbox, NULL);
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
}

/* "Still send?" is asked once, and only about what no relay has seen. */
static void
test_old (Fixture *fixture, gconstpointer data)
{
  gint64 far = est_clock_now () + G_TIME_SPAN_DAY;
  gint64 seen = add (fixture);
  refuse_all (fixture, seen);
  g_assert_true (wish_for (fixture, EST_WISH_SEND, seen, NULL));
  gint64 id = add (fixture);
  g_assert_true (est_outbox_hold_old (fixture->outbox, "home", far, NULL));
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_assert_cmpint (entry->state, ==, EST_STATE_HELD);
  g_assert_cmpint (entry->reason, ==, EST_REASON_OLD);
  g_assert_cmpint (state_of (fixture, seen), ==, EST_STATE_WAITING);
  g_assert_true (wish_for (fixture, EST_WISH_RELEASE, id, NULL));
  g_assert_true (est_outbox_hold_old (fixture->outbox, "home", far, NULL));
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
}

static void
test_journal (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  refuse_all (fixture, id);
  g_assert_true (wish_for (fixture, EST_WISH_DISCARD, id, NULL));
  const EstJournalSearch searches[] = {{0},
                                       {.message = id},
                                       {.account = "home"},
                                       {.text = "NO SUCH USER"},
                                       {.text = "c@example"},
                                       {.message = 99},
                                       {.until = 5},
                                       {.text = "nonsense"}};
  const guint found[] = {2, 2, 2, 1, 2, 0, 0, 0};
  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autoptr (GPtrArray) entries
        = est_outbox_journal (fixture->outbox, &searches[i], 0, 10, NULL);
      g_assert_cmpuint (entries->len, ==, found[i]);
    }
  g_autoptr (GPtrArray) first
    = est_outbox_journal (fixture->outbox, &searches[0], 0, 1, NULL);
  const EstAttempt *attempt = g_ptr_array_index (first, 0);
  g_autoptr (GPtrArray) rest
    = est_outbox_journal (fixture->outbox, &searches[0], attempt->number, 10, NULL);
  g_assert_cmpuint (rest->len, ==, 1);
}

typedef struct
{
  const char *name;
  void (*run) (Fixture *, gconstpointer);
} Case;

static const Case cases[] = {
  {"held-and-released", test_held_and_released},
  {"scheduled",         test_scheduled        },
  {"arrived",           test_arrived          },
  {"arrived-at-one",    test_arrived_at_one   },
  {"discarded",         test_discarded        },
  {"all-or-nothing",    test_all_or_nothing   },
  {"filter",            test_filter           },
  {"filter-and-claim",  test_filter_and_claim },
  {"called-back",       test_called_back      },
  {"too-late",          test_too_late         },
  {"under-way",         test_under_way        },
  {"readdressed",       test_readdressed      },
  {"moved",             test_moved            },
  {"exported",          test_exported         },
  {"halts",             test_halts            },
  {"old",               test_old              },
  {"journal",           test_journal          },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/outbox/control/", cases[i].name, NULL);
      g_test_add (path, Fixture, NULL, set_up, cases[i].run, tear_down);
    }
  return g_test_run ();
}
