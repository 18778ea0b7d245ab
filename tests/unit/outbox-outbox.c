/* The outbox through its door: what is stored, claimed, marked, settled and found again
   after the program has ended in between. */
#include "outbox/outbox.h"
#include "base/clock.h"
#include "outbox/schema.h"

#include "folder.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
  EstOutbox *outbox;
} Fixture;

static void
open_outbox (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  fixture->outbox = est_outbox_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
reopen (Fixture *fixture)
{
  while (g_main_context_iteration (NULL, FALSE))
    ; /* news on its way holds references */
  g_assert_finalize_object (fixture->outbox);
  open_outbox (fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("estafeta-outbox-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "data", "outbox.db", NULL);
  open_outbox (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->outbox);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  est_clock_freeze (0);
}

static gint64
add_for (Fixture *fixture, const char *account, gsize size, const char *const *recipients)
{
  gint64 id = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (EstEnvelope) envelope
    = est_envelope_new ("a@example.org", recipients, EST_BODY_7BIT);
  g_autoptr (EstContent) content = est_content_new (est_outbox_folder (fixture->outbox));
  g_autofree char *data = g_malloc (size + 1);
  memset (data, 'x', size);
  g_assert_true (est_content_append (content, data, size, NULL));
  EstLetter letter = {envelope, account, "<1@example.org>", "Hello"};
  est_outbox_add (fixture->outbox, &letter, content, &id, &error);
  g_assert_no_error (error);
  return id;
}

static gint64
add (Fixture *fixture)
{
  static const char *const recipients[] = {"b@example.net", "c@example.net", NULL};
  return add_for (fixture, "home", 1000, recipients);
}

static EstEntry *
claim (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  EstEntry *entry = est_outbox_claim (fixture->outbox, "home", &error);
  g_assert_no_error (error);
  return entry;
}

static void
settle (Fixture *fixture, const EstEntry *entry, EstOutcome *outcome, gint64 not_before)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint *numbers = NULL;
  g_autoptr (EstEnvelope) envelope = est_entry_pending_envelope (entry, &numbers);
  EstSettlement settlement = {entry, outcome, numbers, not_before, TRUE};
  g_assert_cmpuint (g_strv_length (envelope->recipients), ==, outcome->n_verdicts);
  g_assert_true (est_outbox_settle (fixture->outbox, &settlement, &error));
}

static EstState
state_of (Fixture *fixture, gint64 id)
{
  g_autoptr (EstEntry) entry = est_outbox_get (fixture->outbox, id, NULL);
  g_assert_nonnull (entry);
  return entry->state;
}

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
  g_assert_cmpint (est_outbox_next_due (fixture->outbox, "home"), ==, G_MAXINT64);

  est_outbox_release (fixture->outbox, first);
  g_autoptr (EstEntry) again = claim (fixture);
  g_assert_cmpint (again->id, ==, first);
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
  guint count;
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

  g_assert_true (est_outbox_send_now (fixture->outbox, &id, 1, &count, NULL));
  g_assert_cmpuint (count, ==, 1);
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
  g_assert_cmpint (after->first_answer, >=, now);
  g_assert_cmpint (est_outbox_next_due (fixture->outbox, "home"), ==,
                   now + 60 * G_USEC_PER_SEC);
  g_assert_null (claim (fixture));
  est_clock_freeze (now + 61 * G_USEC_PER_SEC);
  g_autoptr (EstEntry) due = claim (fixture);
  g_assert_cmpint (due->id, ==, id);
}

/* Asking for it to be tried now is no second chance for who was refused, and does not set
   the relay's patience back. */
static void
test_hurried (Fixture *fixture, gconstpointer data)
{
  guint count;
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

  g_assert_true (est_outbox_send_now (fixture->outbox, &id, 1, &count, NULL));
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
  guint count;
  gint64 id = add (fixture);
  g_autoptr (EstEntry) first = claim (fixture);
  doubt (fixture, first);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
  g_autoptr (EstEntry) second = claim (fixture);
  g_assert_cmpuint (second->doubts, ==, 1);
  doubt (fixture, second);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_HELD);
  g_assert_null (claim (fixture));
  g_assert_true (est_outbox_send_now (fixture->outbox, &id, 1, &count, NULL));
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
change_file (Fixture *fixture, const char *sql)
{
  sqlite3 *database;
  g_assert_cmpint (sqlite3_open (fixture->path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
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
  g_assert_null (est_outbox_open (fixture->path, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, (int) code);
}

static void
test_newer_schema (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture);
  reopen (fixture);
  change_file (fixture, "PRAGMA user_version=999");
  g_assert_finalize_object (g_steal_pointer (&fixture->outbox));
  check_refused (fixture, EST_OUTBOX_ERROR_NEWER);
  change_file (fixture, "PRAGMA user_version=1");
  open_outbox (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
}

static void
test_foreign_files (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->outbox));
  change_file (fixture, "PRAGMA application_id=7");
  check_refused (fixture, EST_OUTBOX_ERROR_FOREIGN);
  g_assert_true (g_file_set_contents (
    fixture->path, "this is a text, and no database, but long enough to be one. ", -1,
    NULL));
  check_refused (fixture, EST_OUTBOX_ERROR_FOREIGN);
}

static void
test_send_now (Fixture *fixture, gconstpointer data)
{
  guint count = 7;
  gint64 missing[] = {add (fixture), 4711};
  g_autoptr (GError) error = NULL;
  g_assert_false (est_outbox_send_now (fixture->outbox, missing, 2, &count, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NO_SUCH_MESSAGE);
  g_assert_true (est_outbox_send_now (fixture->outbox, NULL, 0, &count, NULL));
  g_assert_cmpuint (count, ==, 1);

  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  est_outcome_settle_rest (outcome, EST_RECIPIENT_SENT, NULL);
  settle (fixture, entry, outcome, 0);
  g_clear_error (&error);
  g_assert_false (est_outbox_send_now (fixture->outbox, missing, 1, &count, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NOT_POSSIBLE);
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
  GThread *threads[THREADS];
  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("add", add_many, fixture);
  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_true (est_outbox_count (fixture->outbox, &counts, NULL));
  g_assert_cmpuint (counts.by_state[EST_STATE_WAITING], ==, THREADS * MESSAGES);
  g_autoptr (GPtrArray) page = est_outbox_list (fixture->outbox, 390, 100, NULL);
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
  {"sent",           test_sent                },
  {"one-refused",    test_one_refused         },
  {"put-off",        test_put_off             },
  {"hurried",        test_hurried             },
  {"doubt",          test_doubt_once_then_held},
  {"after-crash",    test_after_crash         },
  {"damaged",        test_damaged             },
  {"newer-schema",   test_newer_schema        },
  {"foreign-files",  test_foreign_files       },
  {"send-now",       test_send_now            },
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
