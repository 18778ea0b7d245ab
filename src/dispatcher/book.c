/* Pages by account, reservations by message. The outbox may call in here while it is
   locked (to admit a message), so nothing in here calls it while the book is. */
#include "dispatcher/book.h"

#include "base/clock.h"
#include "dispatcher/page.h"

/* What left together may leave together again: else a full window would let one message
   through at a time, and call the relay for each. */
#define TOGETHER G_TIME_SPAN_SECOND

/* Of a queue, as far as anybody looks ahead. */
#define FORESEEN 2000

typedef struct
{
  char *account;
  guint recipients;
} Reservation;

struct EstBook
{
  EstOutbox *outbox;
  GMutex mutex;             /* guards what is below */
  GHashTable *pages;        /* account -> EstPage */
  GHashTable *reservations; /* gint64 id -> Reservation */
};

static void
free_reservation (gpointer data)
{
  Reservation *reservation = data;
  g_free (reservation->account);
  g_free (reservation);
}

void
est_wait_clear (EstWait *wait)
{
  g_clear_pointer (&wait->figures, g_free);
  wait->until = 0;
}

static EstMoment
look_at_clocks (void)
{
  return (EstMoment){est_clock_steady (), est_clock_now ()};
}

/* With the mutex held, as all that gets a page. */
static EstPage *
get_page (EstBook *book, const char *account)
{
  EstPage *page = g_hash_table_lookup (book->pages, account);
  if (page == NULL)
    {
      page = est_page_new ();
      g_hash_table_insert (book->pages, g_strdup (account), page);
    }
  return page;
}

static void
load_spent (EstBook *book, EstMoment now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = est_outbox_spent (book->outbox, &error);
  if (all == NULL)
    g_warning ("what was sent in the last day could not be read: %s", error->message);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const EstSpent *spent = g_ptr_array_index (all, i);
      if (spent->account != NULL)
        est_page_load_spent (get_page (book, spent->account), spent, now);
    }
}

static void
load_lessons (EstBook *book)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = est_outbox_lessons (book->outbox, &error);
  if (all == NULL)
    g_warning ("what relays have taught could not be read: %s", error->message);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const EstLesson *lesson = g_ptr_array_index (all, i);
      if (lesson->account != NULL)
        est_page_load_lesson (get_page (book, lesson->account), lesson);
    }
}

EstBook *
est_book_new (EstOutbox *outbox)
{
  EstBook *book = g_new0 (EstBook, 1);
  book->outbox = g_object_ref (outbox);
  g_mutex_init (&book->mutex);
  book->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) est_page_free);
  book->reservations
    = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_reservation);
  load_spent (book, look_at_clocks ());
  load_lessons (book);
  return book;
}

void
est_book_free (EstBook *book)
{
  if (book == NULL)
    return;
  g_hash_table_unref (book->pages);
  g_hash_table_unref (book->reservations);
  g_mutex_clear (&book->mutex);
  g_object_unref (book->outbox);
  g_free (book);
}

static gint64
on_the_wall (gint64 steady, EstMoment now)
{
  return steady > now.steady ? now.wall + (steady - now.steady) + TOGETHER : now.wall;
}

static EstRationSource
source_of (const EstRation *ration, const EstBudgetAnswer *answer)
{
  return answer->counts_recipients ? ration->recipients[answer->span]
                                   : ration->messages[answer->span];
}

static char *
format_figures (const EstRation *ration, const EstBudgetAnswer *answer)
{
  return g_strdup_printf ("%s %s %u %s",
                          answer->counts_recipients ? "recipients" : "messages",
                          est_span_nick (answer->span), answer->limit,
                          est_ration_source_nick (source_of (ration, answer)));
}

static guint
count_unsettled (const EstEntry *entry)
{
  guint count = 0;
  for (guint i = 0; i < entry->n_recipients; i++)
    count += entry->recipients[i].state == EST_RECIPIENT_PENDING
             || entry->recipients[i].state == EST_RECIPIENT_DOUBTFUL;
  return count;
}

/* With the mutex held. */
static void
unreserve (EstBook *book, const Reservation *reservation)
{
  EstPage *page = get_page (book, reservation->account);
  page->reserved.messages--;
  page->reserved.recipients -= reservation->recipients;
}

/* With the mutex held. Whoever has it now is the only one. */
static void
reserve (EstBook *book, EstPage *page, const EstEntry *entry, guint recipients)
{
  const Reservation *before = g_hash_table_lookup (book->reservations, &entry->id);
  if (before != NULL)
    unreserve (book, before);
  Reservation *reservation = g_new (Reservation, 1);
  *reservation = (Reservation){g_strdup (entry->account), recipients};
  page->reserved.messages++;
  page->reserved.recipients += recipients;
  g_hash_table_replace (book->reservations, g_memdup2 (&entry->id, sizeof entry->id),
                        reservation);
}

/* Somebody who wants to claim. */
typedef struct
{
  EstBook *book;
  const EstAccount *account;
  EstWait *wait;
  gboolean refused_bulk; /* only because of the budget */
} Applicant;

/* Refused twice, it waits for whichever may leave first. */
static void
note_wait (EstWait *wait,
           const EstRation *ration,
           const EstBudgetAnswer *answer,
           EstMoment now)
{
  gint64 until = on_the_wall (answer->when, now);
  if (wait->until != 0 && wait->until <= until)
    return;
  est_wait_clear (wait);
  wait->until = until;
  wait->figures = format_figures (ration, answer);
}

static gboolean
admit (const EstEntry *entry, gpointer data)
{
  Applicant *applicant = data;
  EstBook *book = applicant->book;
  guint recipients = count_unsettled (entry);
  g_mutex_lock (&book->mutex);
  EstMoment now = look_at_clocks ();
  EstPage *page = get_page (book, entry->account);
  EstRation ration = est_page_ration (page, applicant->account, now);
  EstBudgetAnswer answer = est_page_ask (page, &ration, recipients, entry->bulk, now);
  gboolean good = answer.when <= now.steady;
  if (good)
    reserve (book, page, entry, recipients);
  else
    note_wait (applicant->wait, &ration, &answer, now);
  g_mutex_unlock (&book->mutex);
  applicant->refused_bulk = !good && entry->bulk;
  return good;
}

EstEntry *
est_book_claim (EstBook *book,
                const EstAccount *account,
                guint64 largest,
                GCancellable *call_back,
                EstWait *wait,
                GError **error)
{
  Applicant applicant = {book, account, wait, FALSE};
  EstClaimTerms terms = {account->name, largest, TRUE, admit, &applicant};
  g_autoptr (GError) trouble = NULL;
  EstEntry *entry = est_outbox_claim_on (book->outbox, &terms, call_back, &trouble);
  if (applicant.refused_bulk && trouble == NULL)
    {
      terms.bulk = FALSE;
      entry = est_outbox_claim_on (book->outbox, &terms, call_back, &trouble);
    }
  if (entry != NULL)
    est_wait_clear (wait);
  if (trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  return entry;
}

static void
learn (EstBook *book, EstLesson *lesson)
{
  g_autoptr (GError) error = NULL;
  g_message ("account %s: its relay takes %s %" G_GINT64_FORMAT, lesson->account,
             lesson->what, lesson->value);
  if (!est_outbox_learn (book->outbox, lesson, &error))
    g_warning ("a limit of %s could not be noted: %s", lesson->account, error->message);
  est_lesson_free (lesson);
}

/* With the mutex held; a lesson that is to be kept, or NULL. */
static EstLesson *
settle (EstBook *book, const Reservation *reservation, const EstOutcome *outcome)
{
  EstMoment now = look_at_clocks ();
  EstPage *page = get_page (book, reservation->account);
  unreserve (book, reservation);
  if (outcome == NULL)
    return NULL;
  est_page_spend (page, est_spent_on (outcome), now);
  if (outcome->reason != EST_REASON_LIMIT || outcome->reply == NULL)
    return NULL;
  return est_page_learn (page, reservation->account, est_lesson_window (outcome->reply),
                         now);
}

void
est_book_close (EstBook *book, gint64 id, const EstOutcome *outcome)
{
  EstLesson *lesson = NULL;
  g_mutex_lock (&book->mutex);
  const Reservation *reservation = g_hash_table_lookup (book->reservations, &id);
  if (reservation != NULL)
    {
      lesson = settle (book, reservation, outcome);
      g_hash_table_remove (book->reservations, &id);
    }
  g_mutex_unlock (&book->mutex);
  if (lesson != NULL)
    learn (book, lesson);
}

static gint64
when_may (EstBook *book, const EstAccount *account, guint recipients, gboolean bulk)
{
  g_mutex_lock (&book->mutex);
  EstMoment now = look_at_clocks ();
  EstPage *page = get_page (book, account->name);
  EstRation ration = est_page_ration (page, account, now);
  EstBudgetAnswer answer = est_page_ask (page, &ration, recipients, bulk, now);
  g_mutex_unlock (&book->mutex);
  return on_the_wall (answer.when, now);
}

gint64
est_book_when (EstBook *book, const EstAccount *account)
{
  return when_may (book, account, 1, FALSE);
}

static gint64
when_next (EstBook *book, const EstAccount *account, const EstNext *next)
{
  if (next->id == 0)
    return G_MAXINT64;
  return MAX (next->due, when_may (book, account, next->recipients, next->bulk));
}

gint64
est_book_due (EstBook *book, const EstAccount *account)
{
  EstNext next = est_outbox_next (book->outbox, account->name, TRUE);
  gint64 due = when_next (book, account, &next);
  if (!next.bulk || due <= est_clock_now ())
    return due;
  EstNext letter = est_outbox_next (book->outbox, account->name, FALSE);
  return MIN (due, when_next (book, account, &letter));
}

static void
add_allotment (GArray *list, EstAllotment allotment, guint64 spent)
{
  allotment.left = est_budget_left (allotment.limit, spent);
  if (allotment.limit > 0)
    g_array_append_val (list, allotment);
}

/* With the mutex held. */
static void
add_allotments (GArray *list, const EstPage *page, const EstRation *ration, EstMoment now)
{
  for (int recipients = 0; recipients <= 1; recipients++)
    for (EstSpan span = 0; span < EST_N_SPANS; span++)
      {
        EstAmount spent
          = est_spending_sum (page->spending, est_span_length (span), now.steady);
        if (recipients)
          add_allotment (list,
                         (EstAllotment){TRUE, span,
                                        (guint) ration->limits.recipients[span], 0,
                                        ration->recipients[span]},
                         spent.recipients + page->reserved.recipients);
        else
          add_allotment (list,
                         (EstAllotment){FALSE, span,
                                        (guint) ration->limits.messages[span], 0,
                                        ration->messages[span]},
                         spent.messages + page->reserved.messages);
      }
}

GArray *
est_book_allotments (EstBook *book, const EstAccount *account)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (EstAllotment));
  g_mutex_lock (&book->mutex);
  EstMoment now = look_at_clocks ();
  const EstPage *page = get_page (book, account->name);
  EstRation ration = est_page_ration (page, account, now);
  add_allotments (list, page, &ration, now);
  g_mutex_unlock (&book->mutex);
  return list;
}

static GArray *
foresee (EstBook *book, const EstAccount *account, const GArray *queue, EstMoment now)
{
  g_mutex_lock (&book->mutex);
  const EstPage *page = get_page (book, account->name);
  EstRation ration = est_page_ration (page, account, now);
  GArray *times = est_page_forecast (page, &ration, queue, now);
  g_mutex_unlock (&book->mutex);
  return times;
}

GHashTable *
est_book_forecast (EstBook *book, const EstAccount *account)
{
  EstMoment now = look_at_clocks ();
  g_autoptr (GArray) queue = est_outbox_queue (book->outbox, account->name, FORESEEN);
  g_autoptr (GArray) times = foresee (book, account, queue, now);
  GHashTable *forecast
    = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  for (guint i = 0; i < queue->len; i++)
    {
      const EstNext *next = &g_array_index (queue, EstNext, i);
      gint64 time = on_the_wall (g_array_index (times, gint64, i), now);
      g_hash_table_insert (forecast, g_memdup2 (&next->id, sizeof next->id),
                           g_memdup2 (&time, sizeof time));
    }
  return forecast;
}
