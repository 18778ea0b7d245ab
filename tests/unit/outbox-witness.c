/* An outbox that was put back from a copy, or brought from elsewhere, holds what waits.
 */
#include "outbox-fixture.h"
#include "outbox/witness.h"

static char *
witness_path (Fixture *fixture)
{
  return g_build_filename (fixture->folder, "state", "outbox.state", NULL);
}

static void
open_with_witness (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *witness = witness_path (fixture);
  fixture->outbox = est_outbox_open (fixture->path, witness, &error);
  g_assert_no_error (error);
}

static void
begin (Fixture *fixture)
{
  close_outbox (fixture);
  g_unlink (fixture->path);
  open_with_witness (fixture);
  g_assert_false (est_outbox_is_bereft (fixture->outbox));
}

static void
send_one (Fixture *fixture)
{
  g_autoptr (EstEntry) entry = claim (fixture);
  g_autoptr (EstOutcome) outcome = est_outcome_new (2);
  g_assert_true (est_outbox_mark (fixture->outbox, entry->id, NULL));
  est_outcome_settle_rest (outcome, EST_RECIPIENT_SENT, NULL);
  settle (fixture, entry, outcome, 0);
}

static char *
copy_outbox (Fixture *fixture, gsize *length)
{
  char *data = NULL;
  close_outbox (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &data, length, NULL));
  open_with_witness (fixture);
  return data;
}

static void
restore (Fixture *fixture, const char *data, gsize length)
{
  close_outbox (fixture);
  g_assert_true (g_file_set_contents (fixture->path, data, (gssize) length, NULL));
  open_with_witness (fixture);
}

static void
test_same (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  gint64 id = add (fixture);
  for (guint i = 0; i < 3; i++)
    {
      close_outbox (fixture);
      open_with_witness (fixture);
      g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
    }
}

/* The copy was made before the message left. */
static void
test_put_back (Fixture *fixture, gconstpointer data)
{
  gsize length;
  begin (fixture);
  gint64 first = add (fixture), second = add (fixture);
  g_autofree char *copy = copy_outbox (fixture, &length);
  send_one (fixture);
  restore (fixture, copy, length);
  g_autoptr (EstEntry) one = get (fixture, first), two = get (fixture, second);
  g_assert_cmpint (one->state, ==, EST_STATE_HELD);
  g_assert_cmpint (one->reason, ==, EST_REASON_RESTORED);
  g_assert_cmpint (two->state, ==, EST_STATE_HELD);
  g_assert_null (claim (fixture));

  g_assert_true (wish_for (fixture, EST_WISH_ARRIVED, first, NULL));
  g_assert_true (wish_for (fixture, EST_WISH_RELEASE, second, NULL));
  close_outbox (fixture);
  open_with_witness (fixture);
  g_assert_cmpint (state_of (fixture, first), ==, EST_STATE_SENT);
  g_assert_cmpint (state_of (fixture, second), ==, EST_STATE_WAITING);

  restore (fixture, copy, length); /* once more: it is a stranger by now */
  g_assert_cmpint (state_of (fixture, second), ==, EST_STATE_HELD);
}

/* Also when only the mark is newer than the copy. */
static void
test_put_back_after_mark (Fixture *fixture, gconstpointer data)
{
  gsize length;
  begin (fixture);
  gint64 id = add (fixture);
  g_autofree char *copy = copy_outbox (fixture, &length);
  g_autoptr (EstEntry) entry = claim (fixture);
  g_assert_cmpint (entry->id, ==, id);
  g_assert_true (est_outbox_mark (fixture->outbox, id, NULL));
  restore (fixture, copy, length);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_HELD);
}

/* A copy that is as new as can be is no other outbox. */
static void
test_put_back_at_once (Fixture *fixture, gconstpointer data)
{
  gsize length;
  begin (fixture);
  gint64 id = add (fixture);
  g_autofree char *copy = copy_outbox (fixture, &length);
  restore (fixture, copy, length);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
}

static void
test_from_another_machine (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  gint64 id = add (fixture);
  change_file (fixture, "UPDATE meta SET value='elsewhere' WHERE key='machine'");
  close_outbox (fixture);
  open_with_witness (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_HELD);
  g_assert_true (wish_for (fixture, EST_WISH_RELEASE, id, NULL));
  close_outbox (fixture);
  open_with_witness (fixture);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  add (fixture);
  close_outbox (fixture);
  g_unlink (fixture->path);
  open_with_witness (fixture);
  g_assert_true (est_outbox_is_bereft (fixture->outbox));
  close_outbox (fixture);
  open_with_witness (fixture);
  g_assert_false (est_outbox_is_bereft (fixture->outbox));
}

/* A witness that knows nothing, or nonsense, is no reason to hold anything. */
static void
test_forgetful (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[]
    = {"", "nonsense\n", "estafeta-outbox-1 x - -5 7\n", "estafeta-outbox-1 a b c d e f"};
  begin (fixture);
  gint64 id = add (fixture);
  g_autofree char *path = witness_path (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      close_outbox (fixture);
      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      open_with_witness (fixture);
      g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_WAITING);
    }
}

typedef struct
{
  const char *name;
  void (*run) (Fixture *, gconstpointer);
} Case;

static const Case cases[] = {
  {"same",                 test_same                },
  {"put-back",             test_put_back            },
  {"put-back-after-mark",  test_put_back_after_mark },
  {"put-back-at-once",     test_put_back_at_once    },
  {"from-another-machine", test_from_another_machine},
  {"gone",                 test_gone                },
  {"forgetful",            test_forgetful           },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/outbox/witness/", cases[i].name, NULL);
      g_test_add (path, Fixture, NULL, set_up, cases[i].run, tear_down);
    }
  return g_test_run ();
}
