/* The outbox through its door: what is stored, claimed, marked, settled and found again
   after the program has ended in between. */
#include "outbox-fixture.h"

#include <unistd.h>

static void
test_stored (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  reopen (fixture);
  g_autoptr (EstEntry) entry = est_outbox_get (fixture->outbox, id, NULL);
  g_assert_nonnull (entry);
  g_assert_cmpint (entry->state, ==, EST_STATE_WAITING);
  g_assert_cmpstr (entry->sender, ==, "a@example.org");
  g_assert_cmpstr (entry->subject, ==, "Hello");
  g_assert_cmpuint (entry->n_recipients, ==, 2);
  g_assert_cmpstr (entry->recipients[1].address, ==, "c@example.net");
  g_assert_cmpuint (entry->size, ==, 1000);
  g_assert_cmpint (add (fixture), >, id);
}

static void
test_private (Fixture *fixture, gconstpointer data)
{
  GStatBuf status;
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
}

/* What comes in is due whatever the clock says afterwards. */
static void
test_clock_set_back (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  est_clock_freeze (est_clock_now () - 365 * G_TIME_SPAN_DAY);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_assert_nonnull (entry);
  g_assert_cmpint (entry->id, ==, id);
}

static void
test_content (Fixture *fixture, gconstpointer data)
{
  static const char *const recipients[] = {"b@example.net", NULL};
  static const gsize sizes[] = {
    0, 1, EST_CHUNK_SIZE - 1, EST_CHUNK_SIZE, EST_CHUNK_SIZE + 1, 5 * EST_CHUNK_SIZE + 7};
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      gint64 id = add_for (fixture, "other", sizes[i], recipients);
      gsize total = 0;
      for (guint number = 0;; number++)
        {
          g_autoptr (GBytes) piece = est_outbox_read (fixture->outbox, id, number, NULL);
          g_assert_nonnull (piece);
          if (g_bytes_get_size (piece) == 0)
            break;
          total += g_bytes_get_size (piece);
        }
      g_assert_cmpuint (total, ==, sizes[i]);
    }
}

static void
test_claimed_once (Fixture *fixture, gconstpointer data)
{
  gint64 first = add (fixture), second = add (fixture);
  g_autoptr (EstEntry) one = claim (fixture), two = claim (fixture),
                       none = claim (fixture);
  g_assert_cmpint (one->id, ==, first);
  g_assert_cmpint (two->id, ==, second);
  g_assert_null (none);
  g_assert_cmpint (state_of (fixture, first), ==, EST_STATE_SENDING);
  g_assert_cmpint (est_outbox_next_due (fixture->outbox, "home", G_MAXUINT64), ==,
                   G_MAXINT64);

  est_outbox_release (fixture->outbox, first);
  g_autoptr (EstEntry) again = claim (fixture);
  g_assert_cmpint (again->id, ==, first);
}

/* Those in hand, those too large and those for later do not count. */
static void
test_counted_due (Fixture *fixture, gconstpointer data)
{
  static const char *const recipients[] = {"b@example.net", NULL};
  gint64 now = est_clock_now ();
  for (guint i = 0; i < 3; i++)
    add_for (fixture, "home", 1000, recipients);
  add_for (fixture, "home", 5000, recipients);
  add_for (fixture, "work", 1000, recipients);
  add_letter (fixture, "home", 1, recipients, now + G_TIME_SPAN_HOUR, EST_REASON_NONE);
  add_letter (fixture, "home", 1, recipients, 0, EST_REASON_BY_HAND);
  g_assert_cmpuint (est_outbox_count_due (fixture->outbox, "home", G_MAXUINT64, 9), ==,
                    4);
  g_assert_cmpuint (est_outbox_count_due (fixture->outbox, "home", G_MAXUINT64, 2), ==,
                    2);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_assert_cmpuint (est_outbox_count_due (fixture->outbox, "home", 1000, 9), ==, 2);
  g_assert_cmpuint (est_outbox_count_due (fixture->outbox, "nobody", 1000, 9), ==, 0);
  est_outbox_release (fixture->outbox, entry->id);
}

static void
test_sent (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  g_autoptr (EstReply) reply = est_reply_new (250, "2.0.0", "OK id=abc");
  est_outcome_settle_rest (outcome, EST_RECIPIENT_SENT, reply);
  est_outcome_set_reason (outcome, EST_REASON_NONE, NULL, reply);
  outcome->route.tls = g_strdup ("TLS1.3");
  settle (fixture, entry, outcome, 0);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_SENT);

  g_autoptr (GBytes) content = est_outbox_read (fixture->outbox, id, 0, NULL);
  g_assert_cmpuint (g_bytes_get_size (content), ==, 0);
  g_autoptr (GPtrArray) attempts = est_outbox_attempts (fixture->outbox, id, NULL);
  g_assert_cmpuint (attempts->len, ==, 1);
  const EstAttempt *attempt = g_ptr_array_index (attempts, 0);
  g_assert_cmpstr (attempt->reply, ==, "250 2.0.0 OK id=abc");
  g_assert_cmpstr (attempt->route.tls, ==, "TLS1.3");
}

static void
test_one_refused (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  g_autoptr (EstReply) no = est_reply_new (550, "5.1.1", "no such user");
  g_autoptr (EstReply) yes = est_reply_new (250, NULL, "ok");
  est_outcome_set_verdict (outcome, 0, EST_RECIPIENT_FAILED, no);
  est_outcome_set_verdict (outcome, 1, EST_RECIPIENT_SENT, yes);
  est_outcome_set_reason (outcome, EST_REASON_RECIPIENT_REFUSED, NULL, no);
  settle (fixture, entry, outcome, 0);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_FAILED);
  g_autoptr (GBytes) content = est_outbox_read (fixture->outbox, id, 0, NULL);
  g_assert_cmpuint (g_bytes_get_size (content), ==, 1000);

  g_assert_true (wish_for (fixture, EST_WISH_SEND, id, NULL));
  g_autoptr (EstEntry) again = claim (fixture);
  g_autofree guint *numbers = NULL;
  g_autoptr (EstEnvelope) envelope = est_entry_pending_envelope (again, &numbers);
  g_assert_cmpuint (g_strv_length (envelope->recipients), ==, 1);
  g_assert_cmpstr (envelope->recipients[0], ==, "b@example.net");
  g_assert_cmpuint (numbers[0], ==, 0);
  g_assert_cmpstr (again->recipients[1].reply, ==, "250 ok");
}

static void
test_put_off (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture), now = est_clock_now ();
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  g_autoptr (EstReply) later = est_reply_new (451, "4.7.1", "greylisted");
  for (guint i = 0; i < 2; i++)
    est_outcome_set_verdict (outcome, i, EST_RECIPIENT_PENDING, later);
  est_outcome_set_reason (outcome, EST_REASON_DEFERRED, NULL, later);
  settle (fixture, entry, outcome, now + 60 * G_USEC_PER_SEC);

  g_autoptr (EstEntry) after = est_outbox_get (fixture->outbox, id, NULL);
  g_assert_cmpint (after->state, ==, EST_STATE_WAITING);
  g_assert_cmpuint (after->attempts, ==, 1);
  g_assert_cmpint (after->first_answer, ==, fixture->lane_time);
  g_assert_cmpint (after->put_off, ==, 0);
  g_assert_cmpint (est_outbox_next_due (fixture->outbox, "home", G_MAXUINT64), ==,
                   now + 60 * G_USEC_PER_SEC);
  g_assert_null (claim (fixture));
  est_clock_freeze (now + 61 * G_USEC_PER_SEC);
  g_autoptr (EstEntry) due = claim (fixture);
  g_assert_cmpint (due->id, ==, id);

  fixture->lane_time += 7;
  settle (fixture, due, outcome, now);
  g_autoptr (EstEntry) later_on = est_outbox_get (fixture->outbox, id, NULL);
  g_assert_cmpint (later_on->put_off, ==, 7);
  g_assert_cmpint (est_outbox_lane_time (fixture->outbox, "home"), ==,
                   fixture->lane_time);
}

/* Asking for it to be tried now is no second chance for who was refused, and does not set
   the relay's patience back. */
static void
test_hurried (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  g_autoptr (EstReply) no = est_reply_new (550, "5.1.1", "no such user");
  g_autoptr (EstReply) later = est_reply_new (451, "4.7.1", "greylisted");
  est_outcome_set_verdict (outcome, 0, EST_RECIPIENT_FAILED, no);
  est_outcome_set_verdict (outcome, 1, EST_RECIPIENT_PENDING, later);
  est_outcome_set_reason (outcome, EST_REASON_DEFERRED, NULL, later);
  settle (fixture, entry, outcome, G_MAXINT64 - 1);
  g_assert_null (claim (fixture));

  g_assert_true (wish_for (fixture, EST_WISH_SEND, id, NULL));
  g_autoptr (EstEntry) again = claim (fixture);
  g_assert_nonnull (again);
  g_assert_cmpint (again->recipients[0].state, ==, EST_RECIPIENT_FAILED);
  g_assert_cmpuint (again->attempts, ==, 1);
  g_assert_cmpint (again->first_answer, >, 0);
}

/* Settles as doubtful for everybody. */
static void
doubt (Fixture *fixture, const EstEntry *entry)
{
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  est_outcome_settle_rest (outcome, EST_RECIPIENT_DOUBTFUL, NULL);
  est_outcome_set_reason (outcome, EST_REASON_UNCERTAIN, "no answer", NULL);
  settle (fixture, entry, outcome, 0);
}

static void
test_doubt_once_then_held (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  g_autoptr (EstEntry) first = claim (fixture);
  doubt (fixture, first);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
  g_autoptr (EstEntry) second = claim (fixture);
  g_assert_cmpuint (second->doubts, ==, 1);
  doubt (fixture, second);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_HELD);
  g_assert_null (claim (fixture));
  g_assert_true (wish_for (fixture, EST_WISH_SEND, id, NULL));
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
}

/* What a crash leaves: unmarked is waiting, marked is in doubt. */
static void
test_after_crash (Fixture *fixture, gconstpointer data)
{
  gint64 unmarked = add (fixture), marked = add (fixture);
  g_autoptr (EstEntry) one = claim (fixture), two = claim (fixture);
  g_assert_cmpint (one->id, ==, unmarked);
  g_assert_cmpint (two->id, ==, marked);
  g_assert_true (est_outbox_mark (fixture->outbox, marked, NULL));
  reopen (fixture);

  g_autoptr (EstEntry) clean = est_outbox_get (fixture->outbox, unmarked, NULL);
  g_autoptr (EstEntry) doubtful = est_outbox_get (fixture->outbox, marked, NULL);
  g_assert_cmpint (clean->state, ==, EST_STATE_WAITING);
  g_assert_cmpuint (clean->doubts, ==, 0);
  g_assert_cmpint (doubtful->state, ==, EST_STATE_WAITING);
  g_assert_cmpuint (doubtful->doubts, ==, 1);
  g_assert_cmpint (doubtful->recipients[0].state, ==, EST_RECIPIENT_DOUBTFUL);
  g_autoptr (GPtrArray) attempts = est_outbox_attempts (fixture->outbox, marked, NULL);
  g_assert_cmpuint (attempts->len, ==, 1);

  g_assert_true (est_outbox_mark (fixture->outbox, marked, NULL));
  reopen (fixture);
  g_assert_cmpint (state_of (fixture, marked), ==, EST_STATE_HELD);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  g_autoptr (GError) error = NULL;
  change_file (fixture, "UPDATE chunk SET data = replace(data, 'x', 'y')");
  g_assert_null (est_outbox_read (fixture->outbox, id, 0, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_DAMAGED);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  est_outcome_set_reason (outcome, EST_REASON_DAMAGED, "sum", NULL);
  settle (fixture, entry, outcome, 0);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_HELD);
}

static void
check_refused (Fixture *fixture, EstOutboxError code)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (est_outbox_open (fixture->path, NULL, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, (int) code);
}

static void
test_newer_schema (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  reopen (fixture);
  change_file (fixture, "PRAGMA user_version=999");
  close_outbox (fixture);
  check_refused (fixture, EST_OUTBOX_ERROR_NEWER);
  change_file (fixture, "PRAGMA user_version=" G_STRINGIFY (EST_SCHEMA_VERSION));
  open_outbox (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
}

static void
test_foreign_file (Fixture *fixture, gconstpointer data)
{
  close_outbox (fixture);
  change_file (fixture, "PRAGMA application_id=7");
  check_refused (fixture, EST_OUTBOX_ERROR_FOREIGN);
}

static void
test_pauses (Fixture *fixture, gconstpointer data)
{
  EstPause pause = {.account = (char *) "home",
                    .reason = EST_REASON_SIGN_IN,
                    .since = 5,
                    .retry = G_MAXINT64,
                    .tries = 2,
                    .reply = (char *) "535 no"};
  g_assert_true (est_outbox_pause (fixture->outbox, &pause, NULL));
  g_assert_true (est_outbox_pause (fixture->outbox, &pause, NULL));
  reopen (fixture);
  g_autoptr (GPtrArray) pauses = est_outbox_pauses (fixture->outbox, NULL);
  g_assert_cmpuint (pauses->len, ==, 1);
  const EstPause *back = g_ptr_array_index (pauses, 0);
  g_assert_cmpint (back->reason, ==, EST_REASON_SIGN_IN);
  g_assert_cmpint (back->retry, ==, G_MAXINT64);
  g_assert_cmpstr (back->reply, ==, "535 no");
  g_assert_true (est_outbox_unpause (fixture->outbox, "home", NULL));
  g_autoptr (GPtrArray) none = est_outbox_pauses (fixture->outbox, NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
note_change (EstOutbox *outbox, gint64 id, int from, int to, GString *log)
{
  g_string_append_printf (log, "%d>%d ", from, to);
}

static void
test_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_signal_connect (fixture->outbox, "changed", G_CALLBACK (note_change), log);
  add (fixture);
  g_autoptr (EstEntry) entry = claim (fixture);
  est_outbox_release (fixture->outbox, entry->id);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (log->str, ==, "-1>0 0>1 1>0 ");
}

#define THREADS  8
#define MESSAGES 50

static gpointer
add_many (gpointer data)
{
  for (guint i = 0; i < MESSAGES; i++)
    add (data);
  return NULL;
}

static void
test_many_threads (Fixture *fixture, gconstpointer data)
{
  EstCounts counts;
  const EstSelection all = {0};
  GThread *threads[THREADS];
  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("add", add_many, fixture);
  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_true (est_outbox_count (fixture->outbox, &counts, NULL));
  g_assert_cmpuint (counts.by_state[EST_STATE_WAITING], ==, THREADS * MESSAGES);
  g_autoptr (GPtrArray) page = est_outbox_list (fixture->outbox, &all, 390, 100, NULL);
  g_assert_cmpuint (page->len, ==, 10);
}

typedef struct
{
  const char *name;
  void (*run) (Fixture *, gconstpointer);
} Case;

static const Case cases[] = {
  {"stored",         test_stored              },
  {"private",        test_private             },
  {"clock-set-back", test_clock_set_back      },
  {"content",        test_content             },
  {"claimed-once",   test_claimed_once        },
  {"counted-due",    test_counted_due         },
  {"sent",           test_sent                },
  {"one-refused",    test_one_refused         },
  {"put-off",        test_put_off             },
  {"hurried",        test_hurried             },
  {"doubt",          test_doubt_once_then_held},
  {"after-crash",    test_after_crash         },
  {"damaged",        test_damaged             },
  {"newer-schema",   test_newer_schema        },
  {"foreign-file",   test_foreign_file        },
  {"pauses",         test_pauses              },
  {"told",           test_told                },
  {"many-threads",   test_many_threads        },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/outbox/outbox/", cases[i].name, NULL);
      g_test_add (path, Fixture, NULL, set_up, cases[i].run, tear_down);
    }
  return g_test_run ();
}
