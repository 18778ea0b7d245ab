/* What the book foresees: when something may leave, what is left, whose turn comes when.
 */
#include "base/clock.h"
#include "dispatcher/shelf.h"

/* Of a queue, as far as anybody looks ahead. */
#define FORESEEN 2000

static gint64
when_may (EstBook *book, const EstAccount *account, guint recipients, gboolean bulk)
{
  g_mutex_lock (&book->mutex);
  EstMoment now = est_shelf_look_at_clocks ();
  EstPage *page = est_shelf_page (book, account->name);
  EstRation ration = est_page_ration (page, account, now);
  EstBudgetAnswer answer = est_page_ask (page, &ration, recipients, bulk, now);
  g_mutex_unlock (&book->mutex);
  return est_shelf_on_the_wall (answer.when, now);
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
  EstMoment now = est_shelf_look_at_clocks ();
  const EstPage *page = est_shelf_page (book, account->name);
  EstRation ration = est_page_ration (page, account, now);
  add_allotments (list, page, &ration, now);
  g_mutex_unlock (&book->mutex);
  return list;
}

static GArray *
foresee (EstBook *book, const EstAccount *account, const GArray *queue, EstMoment now)
{
  g_mutex_lock (&book->mutex);
  const EstPage *page = est_shelf_page (book, account->name);
  EstRation ration = est_page_ration (page, account, now);
  GArray *times = est_page_forecast (page, &ration, queue, now);
  g_mutex_unlock (&book->mutex);
  return times;
}

GHashTable *
est_book_forecast (EstBook *book, const EstAccount *account)
{
  EstMoment now = est_shelf_look_at_clocks ();
  g_autoptr (GArray) queue = est_outbox_queue (book->outbox, account->name, FORESEEN);
  g_autoptr (GArray) times = foresee (book, account, queue, now);
  GHashTable *forecast
    = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  for (guint i = 0; i < queue->len; i++)
    {
      const EstNext *next = &g_array_index (queue, EstNext, i);
      gint64 time = est_shelf_on_the_wall (g_array_index (times, gint64, i), now);
      g_hash_table_insert (forecast, g_memdup2 (&next->id, sizeof next->id),
                           g_memdup2 (&time, sizeof time));
    }
  return forecast;
}
