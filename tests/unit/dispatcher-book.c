/* Claims on a budget: reserved, spent, given back, learnt; several workers at once. */
#include "dispatcher/book.h"

#include "outbox-fixture.h"

#define HOUR G_TIME_SPAN_HOUR

static EstAccount *
make_account (int messages_an_hour, int recipients_a_day)
{
  EstAccount *account = g_atomic_rc_box_new0 (EstAccount);
  account->name = g_strdup ("home");
  account->host = g_strdup ("relay.example.org");
  account->addresses = g_strsplit ("a@example.org", ";", -1);
  for (EstSpan span = 0; span < EST_N_SPANS; span++)
    account->budget.messages[span] = account->budget.recipients[span] = 0;
  account->budget.messages[EST_SPAN_HOUR] = messages_an_hour;
  account->budget.recipients[EST_SPAN_DAY] = recipients_a_day;
  return account;
}

static gint64
add_one (Fixture *fixture, guint recipients, gboolean bulk)
{
  g_auto (GStrv) addresses = g_new0 (char *, recipients + 1);
  for (guint i = 0; i < recipients; i++)
    addresses[i] = g_strdup_printf ("r%u@example.net", i);
  return add_with_options (fixture, 10, (const char *const *) addresses, "",
                           (EstLetter){.account = "home", .bulk = bulk});
}

static void
add_many (Fixture *fixture, guint count)
{
  for (guint i = 0; i < count; i++)
    add_one (fixture, 1, FALSE);
}

/* The number of the message that may leave, 0 if the budget is in the way. */
static gint64
take (EstBook *book, const EstAccount *account, gint64 *until)
{
  g_auto (EstWait) wait = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (EstEntry) entry
    = est_book_claim (book, account, G_MAXUINT64, NULL, &wait, &error);
  g_assert_no_error (error);
  if (until != NULL)
    *until = wait.until;
  g_assert_cmpint (wait.until == 0, ==, wait.figures == NULL);
  return entry != NULL ? entry->id : 0;
}

static EstOutcome *
make_outcome (guint sent, guint failed, EstReason reason, const char *words)
{
  g_autoptr (EstReply) reply = words != NULL ? est_reply_new (550, "5.4.5", words) : NULL;
  EstOutcome *outcome = est_outcome_new (sent + failed);
  for (guint i = 0; i < sent + failed; i++)
    est_outcome_set_verdict (outcome, i,
                             i < sent ? EST_RECIPIENT_SENT : EST_RECIPIENT_FAILED, NULL);
  est_outcome_set_reason (outcome, reason, NULL, reply);
  return outcome;
}

/* As a worker does it: the outcome is stored, and the book closed. */
static void
close_as (Fixture *fixture, EstBook *book, gint64 id, EstOutcome *outcome)
{
  g_autoptr (EstEntry) entry = get (fixture, id);
  settle (fixture, entry, outcome, 0);
  est_book_close (book, id, outcome);
}

static void
send_one (Fixture *fixture, EstBook *book, const EstAccount *account)
{
  gint64 id = take (book, account, NULL);
  g_assert_cmpint (id, !=, 0);
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_autoptr (EstOutcome) outcome
    = make_outcome (entry->n_recipients, 0, EST_REASON_NONE, NULL);
  close_as (fixture, book, id, outcome);
}

static const EstAllotment *
find_allotment (const GArray *list, gboolean recipients, EstSpan span)
{
  for (guint i = 0; i < list->len; i++)
    {
      const EstAllotment *one = &g_array_index (list, EstAllotment, i);
      if (one->counts_recipients == recipients && one->span == span)
        return one;
    }
  return NULL;
}

static guint
left_of (EstBook *book, const EstAccount *account, gboolean recipients, EstSpan span)
{
  g_autoptr (GArray) list = est_book_allotments (book, account);
  const EstAllotment *one = find_allotment (list, recipients, span);
  g_assert_nonnull (one);
  return one->left;
}

/* What leaves just now is as good as spent; what is given back is not. */
static void
test_reserving (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EstAccount) account = make_account (2, 0);
  g_autoptr (EstBook) book = est_book_new (fixture->outbox);
  add_many (fixture, 4);
  gint64 until, first = take (book, account, NULL), second = take (book, account, NULL);
  g_assert_cmpint (take (book, account, &until), ==, 0);
  g_assert_cmpint (until, >=, est_clock_now () + HOUR - G_TIME_SPAN_MINUTE);
  g_assert_cmpint (until, <=, est_clock_now () + HOUR + G_TIME_SPAN_MINUTE);
  g_assert_cmpint (est_book_due (book, account), >, est_clock_now ());

  est_outbox_release (fixture->outbox, second);
  est_book_close (book, second, NULL);
  est_book_close (book, second, NULL); /* twice is once */
  g_assert_cmpint (est_book_due (book, account), <=, est_clock_now ());
  g_assert_cmpint (take (book, account, NULL), ==, second);
  g_assert_cmpint (take (book, account, NULL), ==, 0);

  g_autoptr (EstOutcome) refused = make_outcome (0, 1, EST_REASON_REFUSED, NULL);
  close_as (fixture, book, first, refused);
  g_assert_cmpint (take (book, account, NULL), !=, 0);
  g_assert_cmpint (take (book, account, NULL), ==, 0);
}

/* A new book knows what the old one has spent. */
static void
test_anew (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EstAccount) account = make_account (3, 0);
  EstBook *book = est_book_new (fixture->outbox);
  add_many (fixture, 4);
  send_one (fixture, book, account);
  send_one (fixture, book, account);
  est_book_free (book);
  g_autoptr (EstBook) anew = est_book_new (fixture->outbox);
  g_assert_cmpuint (left_of (anew, account, FALSE, EST_SPAN_HOUR), ==, 1);
  send_one (fixture, anew, account);
  g_assert_cmpint (take (anew, account, NULL), ==, 0);
}

/* The wall clock is set: neither way gives a new budget. */
static void
test_clock_set (Fixture *fixture, gconstpointer data)
{
  gint64 until, start = g_get_real_time ();
  g_autoptr (EstAccount) account = make_account (1, 0);
  g_autoptr (EstBook) book = est_book_new (fixture->outbox);
  est_clock_freeze (start);
  add_many (fixture, 2);
  send_one (fixture, book, account);
  est_clock_freeze (start + 100 * G_TIME_SPAN_DAY);
  g_assert_cmpint (take (book, account, &until), ==, 0);
  g_assert_cmpint (until, >, start + 100 * G_TIME_SPAN_DAY + HOUR / 2);
  est_clock_freeze (start + 1); /* what was handed in is not of the future */
  g_assert_cmpint (take (book, account, &until), ==, 0);
  g_assert_cmpint (until, <, start + 2 * HOUR);
}

/* Bulk waits for its nine tenths; a letter behind it does not. */
static void
test_past_bulk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EstAccount) account = make_account (10, 0);
  g_autoptr (EstBook) book = est_book_new (fixture->outbox);
  add_many (fixture, 9);
  for (guint i = 0; i < 9; i++)
    send_one (fixture, book, account);
  add_with_options (fixture, 10, (const char *const[]){"b@example.net", NULL}, "",
                    (EstLetter){.account = "home", .bulk = TRUE, .priority = 5});
  gint64 until;
  g_assert_cmpint (take (book, account, &until), ==, 0);
  g_assert_cmpint (est_book_due (book, account), >, est_clock_now ());
  gint64 letter = add_one (fixture, 1, FALSE);
  g_assert_cmpint (est_book_due (book, account), <=, est_clock_now ());
  g_assert_cmpint (take (book, account, &until), ==, letter);
  g_assert_cmpint (until, ==, 0);
}

/* Nobody goes past a letter that waits for more room. */
static void
test_in_order (Fixture *fixture, gconstpointer data)
{
  gint64 until;
  g_autoptr (EstAccount) account = make_account (0, 10);
  g_autoptr (EstBook) book = est_book_new (fixture->outbox);
  add_one (fixture, 6, FALSE);
  send_one (fixture, book, account);
  add_one (fixture, 5, FALSE);
  add_one (fixture, 1, FALSE);
  add_one (fixture, 1, TRUE);
  g_assert_cmpint (take (book, account, &until), ==, 0);
  g_assert_cmpint (until, >, 0);
  g_assert_cmpint (est_book_due (book, account), >, est_clock_now ());
}

static void
test_learning (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EstAccount) account = make_account (0, -1);
  EstBook *book = est_book_new (fixture->outbox);
  g_autoptr (EstOutcome) limit
    = make_outcome (0, 1, EST_REASON_LIMIT, "Daily sending limit exceeded");
  add_many (fixture, 60);
  for (guint i = 0; i < 9; i++)
    send_one (fixture, book, account);
  close_as (fixture, book, take (book, account, NULL), limit);
  g_assert_cmpuint (left_of (book, account, TRUE, EST_SPAN_DAY), ==, 191);
  for (guint i = 0; i < 31; i++)
    send_one (fixture, book, account);
  close_as (fixture, book, take (book, account, NULL), limit);
  for (int run = 0; run < 2; run++)
    {
      g_autoptr (GArray) list = est_book_allotments (book, account);
      const EstAllotment *day = find_allotment (list, TRUE, EST_SPAN_DAY);
      g_assert_cmpuint (day->limit, ==, 38);
      g_assert_cmpuint (day->left, ==, 0);
      g_assert_cmpint (day->source, ==, EST_RATION_LEARNT);
      g_assert_cmpint (take (book, account, NULL), ==, 0);
      g_assert_cmpint (est_book_when (book, account), >, est_clock_now () + 20 * HOUR);
      est_book_free (book);
      book = est_book_new (fixture->outbox);
    }
  account->budget.recipients[EST_SPAN_DAY] = 1000;
  g_assert_cmpint (take (book, account, NULL), !=, 0);
  est_book_free (book);
}

/* In turn, ten a window; those that are not due yet have no turn. */
static void
test_forecast (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EstAccount) account = make_account (10, 0);
  g_autoptr (EstBook) book = est_book_new (fixture->outbox);
  gint64 now = est_clock_now (), ids[25];
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = add_one (fixture, 1, FALSE);
  gint64 later
    = add_letter (fixture, "home", 10, (const char *const[]){"b@example.net", NULL},
                  now + 9 * HOUR, EST_REASON_NONE);
  g_autoptr (GHashTable) forecast = est_book_forecast (book, account);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      const gint64 *time = g_hash_table_lookup (forecast, &ids[i]);
      g_assert_nonnull (time);
      g_assert_cmpint ((*time - now + HOUR / 2) / HOUR, ==, i / 10);
    }
  g_assert_null (g_hash_table_lookup (forecast, &later));
}

typedef struct
{
  EstBook *book;
  EstAccount *account;
  guint taken;
} Crew;

static gpointer
work (gpointer data)
{
  Crew *crew = data;
  while (take (crew->book, crew->account, NULL) != 0)
    g_atomic_int_inc (&crew->taken);
  return NULL;
}

/* Many at once take no more than one would. */
static void
test_many_workers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EstAccount) account = make_account (37, 0);
  g_autoptr (EstBook) book = est_book_new (fixture->outbox);
  GThread *threads[8];
  Crew crew = {book, account, 0};
  add_many (fixture, 60);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("worker", work, &crew);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (crew.taken, ==, 37);
  g_assert_cmpuint (left_of (book, account, FALSE, EST_SPAN_HOUR), ==, 0);
}

/* Whose word counts for which figure. */
static void
test_rations (void)
{
  static const struct
  {
    const char *host;
    int said, learnt;
    gboolean fresh;
    int limit; /* recipients a day */
    EstRationSource source;
  } cases[] = {
    {"relay.example.org", -1,   0,    FALSE, 400,  EST_RATION_DEFAULT },
    {"relay.example.org", -1,   0,    TRUE,  200,  EST_RATION_DEFAULT },
    {"127.0.0.1",         -1,   0,    FALSE, 400,  EST_RATION_DEFAULT },
    {"smtp.mail.me.com",  -1,   0,    FALSE, 1000, EST_RATION_PROVIDER},
    {"smtp.mail.me.com",  -1,   0,    TRUE,  1000, EST_RATION_PROVIDER},
    {"smtp.ionos.de",     -1,   0,    TRUE,  0,    EST_RATION_NONE    },
    {"smtp.ionos.de",     -1,   200,  TRUE,  190,  EST_RATION_LEARNT  },
    {"smtp.mail.me.com",  -1,   100,  FALSE, 95,   EST_RATION_LEARNT  },
    {"smtp.mail.me.com",  -1,   5000, FALSE, 1000, EST_RATION_PROVIDER},
    {"smtp.mail.me.com",  7,    100,  FALSE, 7,    EST_RATION_SETTINGS},
    {"smtp.mail.me.com",  9000, 100,  FALSE, 9000, EST_RATION_SETTINGS},
    {"smtp.mail.me.com",  0,    100,  FALSE, 0,    EST_RATION_NONE    },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EstAccount) account = make_account (0, cases[i].said);
      EstLearnt learnt = {.recipients = {[EST_SPAN_DAY] = cases[i].learnt}};
      g_free (account->host);
      account->host = g_strdup (cases[i].host);
      EstRation ration = est_ration_for (account, &learnt, cases[i].fresh);
      g_assert_cmpint (ration.limits.recipients[EST_SPAN_DAY], ==, cases[i].limit);
      g_assert_cmpint (ration.recipients[EST_SPAN_DAY], ==, cases[i].source);
      g_assert_cmpint (ration.limits.messages[EST_SPAN_MINUTE], ==, 0);
    }
}

#define TEST(name, function)                                                             \
  g_test_add ("/dispatcher/book/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("reserving", test_reserving);
  TEST ("anew", test_anew);
  TEST ("clock-set", test_clock_set);
  TEST ("past-bulk", test_past_bulk);
  TEST ("in-order", test_in_order);
  TEST ("learning", test_learning);
  TEST ("forecast", test_forecast);
  TEST ("many-workers", test_many_workers);
  g_test_add_func ("/dispatcher/book/rations", test_rations);
  return g_test_run ();
}
