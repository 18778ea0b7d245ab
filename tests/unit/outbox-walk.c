/* Walks every state a message can reach by everything that can happen to it, and shows
   that each has an owner and a next event: no message can be stuck silently. */
#include "outbox-fixture.h"
#include "outbox/seal.h"
#include "outbox/upkeep.h"

#define MOST_STATES 2000
#define MOST_STEPS  12
#define FAR         99999999999 /* seconds since 1970 */

/* What can happen. Verdicts are for the recipients that are still to be served: the first
   for the first of them, the second for all others. */
typedef enum
{
  ATTEMPT,
  GIVEN_BACK,
  CRASH,        /* in the middle of an attempt */
  CRASH_MARKED, /* after the mark */
  WISH,
  READDRESS,
  MOVE,
  OLD,
  RESTORED,
  LATE,
} Happening;

typedef struct
{
  const char *name;
  Happening kind;
  EstReason reason; /* ATTEMPT */
  EstRecipientState first, rest;
  EstWish wish;
} Event;

#define P EST_RECIPIENT_PENDING
#define S EST_RECIPIENT_SENT
#define F EST_RECIPIENT_FAILED
#define D EST_RECIPIENT_DOUBTFUL

static const Event events[] = {
  {"all taken",          ATTEMPT,      EST_REASON_NONE,              S, S, 0               },
  {"one refused",        ATTEMPT,      EST_REASON_RECIPIENT_REFUSED, F, S, 0               },
  {"all refused",        ATTEMPT,      EST_REASON_REFUSED,           F, F, 0               },
  {"one put off",        ATTEMPT,      EST_REASON_DEFERRED,          P, S, 0               },
  {"all put off",        ATTEMPT,      EST_REASON_DEFERRED,          P, P, 0               },
  {"refused, put off",   ATTEMPT,      EST_REASON_DEFERRED,          F, P, 0               },
  {"no answer",          ATTEMPT,      EST_REASON_UNCERTAIN,         D, D, 0               },
  {"refused, no answer", ATTEMPT,      EST_REASON_UNCERTAIN,         F, D, 0               },
  {"no network",         ATTEMPT,      EST_REASON_UNREACHABLE,       P, P, 0               },
  {"damage",             ATTEMPT,      EST_REASON_DAMAGED,           P, P, 0               },
  {"given back",         GIVEN_BACK,   0,                            0, 0, 0               },
  {"crash",              CRASH,        0,                            0, 0, 0               },
  {"crash after mark",   CRASH_MARKED, 0,                            0, 0, 0               },
  {"send",               WISH,         0,                            0, 0, EST_WISH_SEND   },
  {"hold",               WISH,         0,                            0, 0, EST_WISH_HOLD   },
  {"release",            WISH,         0,                            0, 0, EST_WISH_RELEASE},
  {"arrived",            WISH,         0,                            0, 0, EST_WISH_ARRIVED},
  {"discard",            WISH,         0,                            0, 0, EST_WISH_DISCARD},
  {"readdress",          READDRESS,    0,                            0, 0, 0               },
  {"move",               MOVE,         0,                            0, 0, 0               },
  {"old",                OLD,          0,                            0, 0, 0               },
  {"restored",           RESTORED,     0,                            0, 0, 0               },
  {"late",               LATE,         0,                            0, 0, 0               },
};

static gboolean
attempt (Fixture *fixture, const Event *event)
{
  g_autoptr (EstEntry) entry = claim (fixture);
  if (entry == NULL)
    return FALSE;
  g_autofree guint *numbers = NULL;
  g_autoptr (EstEnvelope) envelope = est_entry_pending_envelope (entry, &numbers);
  guint n = g_strv_length (envelope->recipients);
  g_assert_cmpuint (n, >, 0); /* what waits, waits for somebody */
  g_assert_true (est_seal_is_whole (entry));
  g_autoptr (EstOutcome) outcome = est_outcome_new (n);
  g_autoptr (EstReply) words = est_reply_new (250, NULL, "words");
  for (guint i = 0; i < n; i++)
    est_outcome_set_verdict (outcome, i, i == 0 ? event->first : event->rest, words);
  est_outcome_set_reason (outcome, event->reason, NULL, NULL);
  settle (fixture, entry, outcome, 0);
  return TRUE;
}

static gboolean
crash (Fixture *fixture, gint64 id, gboolean marked)
{
  g_autoptr (EstEntry) entry = claim (fixture);
  if (entry == NULL)
    return FALSE;
  if (marked)
    g_assert_true (est_outbox_mark (fixture->outbox, id, NULL));
  reopen (fixture);
  return TRUE;
}

static gboolean
give_back (Fixture *fixture)
{
  g_autoptr (EstEntry) entry = claim (fixture);
  if (entry == NULL)
    return FALSE;
  est_outbox_release (fixture->outbox, entry->id);
  return TRUE;
}

static gboolean
always (const char *account, const char *sender, gpointer data)
{
  return TRUE;
}

static gboolean
move (Fixture *fixture, gint64 id)
{
  guint count = 0;
  const EstSelection selection = {.ids = &id, .n_ids = 1};
  return est_control_move (fixture->outbox, &selection, "home", always, NULL, &count,
                           NULL);
}

static gboolean
restore (Fixture *fixture)
{
  g_autoptr (EstDatabase) database = est_database_open (fixture->path, NULL);
  return est_upkeep_hold_restored (database, est_clock_now (), NULL);
}

/* Its hour comes, and is past again for whatever happens next. */
static gboolean
be_late (Fixture *fixture)
{
  est_clock_freeze (FAR * G_USEC_PER_SEC);
  g_assert_true (est_outbox_fail_late (fixture->outbox, NULL));
  gint64 next = est_outbox_next_late (fixture->outbox);
  est_clock_freeze (0);
  g_assert_cmpint (next, ==, G_MAXINT64);
  return TRUE;
}

/* Comes back if it is late. */
static gint64
add_one (Fixture *fixture, EstReason held)
{
  static const char *const recipients[] = {"b@example.net", "c@example.net", NULL};
  return add_with_options (fixture, 1000, recipients, " BY=" G_STRINGIFY (FAR) ";R",
                           (EstLetter){.account = "home", .held = held});
}

static gboolean
happen (Fixture *fixture, gint64 id, const Event *event)
{
  switch (event->kind)
    {
    case ATTEMPT:
      return attempt (fixture, event);
    case GIVEN_BACK:
      return give_back (fixture);
    case CRASH:
    case CRASH_MARKED:
      return crash (fixture, id, event->kind == CRASH_MARKED);
    case WISH:
      return wish_for (fixture, event->wish, id, NULL);
    case READDRESS:
      return est_control_readdress (fixture->outbox, id, "b@example.net", "b@example.net",
                                    NULL);
    case MOVE:
      return move (fixture, id);
    case OLD:
      return est_outbox_hold_old (fixture->outbox, "home", G_MAXINT64, NULL);
    case LATE:
      return be_late (fixture);
    default:
      return restore (fixture);
    }
}

/* Two messages of the same description behave alike. Why one waits, and how it came to be
   discarded, makes no difference any more. */
static char *
describe (const EstEntry *entry)
{
  GString *text = g_string_new (est_state_nick (entry->state));
  if (entry->state == EST_STATE_DISCARDED)
    return g_string_free (text, FALSE);
  if (entry->state != EST_STATE_WAITING)
    g_string_append_printf (text, " %s", est_reason_nick (entry->reason));
  else
    g_string_append_printf (text, " seen=%d asked=%d", entry->attempts > 0, entry->asked);
  g_string_append_printf (text, " doubts=%u", MIN (entry->doubts, 2));
  for (guint i = 0; i < entry->n_recipients; i++)
    g_string_append_printf (text, " %s",
                            est_recipient_state_nick (entry->recipients[i].state));
  return g_string_free (text, FALSE);
}

static gboolean
has_content (Fixture *fixture, gint64 id)
{
  g_autoptr (GBytes) content = est_outbox_read (fixture->outbox, id, 0, NULL);
  return content != NULL && g_bytes_get_size (content) == 1000;
}

/* The owner can do something about it. */
static void
check_owner (Fixture *fixture, const EstEntry *entry)
{
  gint64 due = est_outbox_next_due (fixture->outbox, "home", G_MAXUINT64);
  switch (est_state_owner (entry->state))
    {
    case EST_OWNER_DISPATCHER:
      g_assert_cmpint (entry->state, ==, EST_STATE_WAITING);
      g_assert_cmpint (due, <=, est_clock_now ());
      g_assert_true (has_content (fixture, entry->id));
      break;
    case EST_OWNER_PERSON:
      g_assert_cmpint (due, ==, G_MAXINT64);
      g_assert_cmpint (entry->reason, !=, EST_REASON_NONE); /* the question */
      g_assert_true (has_content (fixture, entry->id));
      break;
    case EST_OWNER_NOBODY:
      g_assert_cmpint (due, ==, G_MAXINT64);
      g_assert_false (has_content (fixture, entry->id));
      break;
    default:
      g_assert_not_reached (); /* nobody is under way between two events */
    }
}

/* The way there: how it began, and indices of events. */
typedef struct
{
  EstReason held; /* when it was handed in */
  guint8 steps[MOST_STEPS];
  guint n_steps;
} Way;

static gint64
go (Fixture *fixture, const Way *way)
{
  gint64 id = add_one (fixture, way->held);
  for (guint i = 0; i < way->n_steps; i++)
    happen (fixture, id, &events[way->steps[i]]);
  return id;
}

/* Takes it out of the way of the next one, if it is not over. */
static void
clear (Fixture *fixture, gint64 id)
{
  wish_for (fixture, EST_WISH_DISCARD, id, NULL);
}

typedef struct
{
  GHashTable *known; /* description -> itself */
  GQueue ways;       /* Way: whose ends were not left yet */
  gboolean left[EST_N_STATES];
} Walk;

static void
discover (Walk *walk, Fixture *fixture, const EstEntry *entry, const Way *way)
{
  char *name = describe (entry);
  if (!g_hash_table_add (walk->known, name))
    return;
  g_test_message ("%s", name);
  check_owner (fixture, entry);
  g_assert_cmpuint (way->n_steps, <, MOST_STEPS);
  g_queue_push_tail (&walk->ways, g_memdup2 (way, sizeof *way));
}

/* Every way out of the state at the end of @way. */
static void
leave (Walk *walk, Fixture *fixture, const Way *way)
{
  for (guint8 i = 0; i < G_N_ELEMENTS (events); i++)
    {
      gint64 id = go (fixture, way);
      g_autoptr (EstEntry) before = get (fixture, id);
      happen (fixture, id, &events[i]);
      g_autoptr (EstEntry) after = get (fixture, id);
      walk->left[before->state]
        = walk->left[before->state] || after->state != before->state;
      Way longer = *way;
      longer.steps[longer.n_steps++] = i;
      discover (walk, fixture, after, &longer);
      clear (fixture, id);
    }
}

static void
test_walk (Fixture *fixture, gconstpointer data)
{
  Walk walk = {.known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL)};
  static const EstReason begins[] = {EST_REASON_NONE, EST_REASON_BY_HAND, EST_REASON_APP};
  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    {
      const Way begin = {.held = begins[i]};
      gint64 id = go (fixture, &begin);
      g_autoptr (EstEntry) first = get (fixture, id);
      discover (&walk, fixture, first, &begin);
      clear (fixture, id);
    }
  while (!g_queue_is_empty (&walk.ways))
    {
      g_autofree Way *way = g_queue_pop_head (&walk.ways);
      leave (&walk, fixture, way);
      g_assert_cmpuint (g_hash_table_size (walk.known), <, MOST_STATES);
    }
  for (EstState state = 0; state < EST_N_STATES; state++)
    {
      EstOwner owner = est_state_owner (state);
      if (owner == EST_OWNER_NOBODY)
        g_assert_false (walk.left[state]);
      else if (state != EST_STATE_SENDING && state != EST_STATE_UNCERTAIN)
        g_assert_true (walk.left[state]);
    }
  g_test_message ("%u states of a message with two recipients",
                  g_hash_table_size (walk.known));
  g_assert_cmpuint (g_hash_table_size (walk.known), >, 30);
  g_hash_table_unref (walk.known);
}

int
main (int argc, char **argv)
{
  if (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR))
    g_setenv ("TMPDIR", "/dev/shm", TRUE); /* thousands of commits, and no power cut */
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/outbox/walk/every-state", Fixture, NULL, set_up, test_walk, tear_down);
  return g_test_run ();
}
