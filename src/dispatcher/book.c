/* Pages by account, reservations by message: claimed, closed, learnt. See shelf.h. */
#include "dispatcher/book.h"

#include "base/clock.h"
#include "dispatcher/shelf.h"

/* What left together may leave together again: else a full window would let one message
   through at a time, and call the relay for each. */
#define TOGETHER G_TIME_SPAN_SECOND

typedef struct
{
  char *account;
  guint recipients;
} Reservation;

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

EstMoment
est_shelf_look_at_clocks (void)
{
  return (EstMoment){est_clock_steady (), est_clock_now ()};
}

EstPage *
est_shelf_page (EstBook *book, const char *account)
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
        est_page_load_spent (est_shelf_page (book, spent->account), spent, now);
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
        est_page_load_lesson (est_shelf_page (book, lesson->account), lesson);
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
  load_spent (book, est_shelf_look_at_clocks ());
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

gint64
est_shelf_on_the_wall (gint64 steady, EstMoment now)
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
  EstPage *page = est_shelf_page (book, reservation->account);
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
  gint64 until = est_shelf_on_the_wall (answer->when, now);
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
  EstMoment now = est_shelf_look_at_clocks ();
  EstPage *page = est_shelf_page (book, entry->account);
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
  EstEntry *entry = est_outbox_claim (book->outbox, &terms, call_back, &trouble);
  if (applicant.refused_bulk && trouble == NULL)
    {
      terms.bulk = FALSE;
      entry = est_outbox_claim (book->outbox, &terms, call_back, &trouble);
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
  EstMoment now = est_shelf_look_at_clocks ();
  EstPage *page = est_shelf_page (book, reservation->account);
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
