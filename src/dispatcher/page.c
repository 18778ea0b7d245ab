/* Spending, lessons, and the limits that follow. */
#include "dispatcher/page.h"

#include <string.h>

#define FRESH        (7 * G_TIME_SPAN_DAY)
#define REMEMBERED   (7 * G_TIME_SPAN_DAY)
#define LEAST_LESSON 10
#define KEPT         G_TIME_SPAN_DAY

EstPage *
est_page_new (void)
{
  EstPage *page = g_new0 (EstPage, 1);
  page->spending = est_spending_new ();
  return page;
}

void
est_page_free (EstPage *page)
{
  est_spending_free (page->spending);
  g_free (page);
}

void
est_page_load_spent (EstPage *page, const EstSpent *spent, EstMoment now)
{
  gint64 age = CLAMP (now.wall - spent->time, 0, KEPT);
  est_spending_add (page->spending, now.steady - age,
                    (EstAmount){spent->messages, spent->recipients}, KEPT);
}

/* "recipients-day": NULL where @what is no such name. */
static EstTaught *
find_place (EstPage *page, const char *what)
{
  for (EstSpan span = 0; span < EST_N_SPANS; span++)
    {
      g_autofree char *messages = g_strconcat ("messages-", est_span_nick (span), NULL);
      g_autofree char *recipients
        = g_strconcat ("recipients-", est_span_nick (span), NULL);
      if (g_strcmp0 (what, messages) == 0)
        return &page->messages[span];
      if (g_strcmp0 (what, recipients) == 0)
        return &page->recipients[span];
    }
  return NULL;
}

void
est_page_load_lesson (EstPage *page, const EstLesson *lesson)
{
  if (g_strcmp0 (lesson->what, "since") == 0)
    page->since = lesson->value;
  EstTaught *place = find_place (page, lesson->what);
  if (place != NULL)
    *place = (EstTaught){(int) CLAMP (lesson->value, 0, G_MAXINT), lesson->time};
}

void
est_page_spend (EstPage *page, guint recipients, EstMoment now)
{
  if (recipients == 0)
    return;
  if (page->since == 0)
    page->since = now.wall;
  est_spending_add (page->spending, now.steady, (EstAmount){1, recipients}, KEPT);
}

/* For some days; then more is tried again. A clock that was wrong makes nothing last for
   ever. */
static int
still_known (const EstTaught *taught, gint64 now)
{
  return ABS (now - taught->time) < REMEMBERED ? taught->value : 0;
}

EstRation
est_page_ration (const EstPage *page, const EstAccount *account, EstMoment now)
{
  EstLearnt learnt;
  for (EstSpan span = 0; span < EST_N_SPANS; span++)
    {
      learnt.messages[span] = still_known (&page->messages[span], now.wall);
      learnt.recipients[span] = still_known (&page->recipients[span], now.wall);
    }
  gboolean fresh = page->since == 0 || now.wall - page->since < FRESH;
  return est_ration_for (account, &learnt, fresh);
}

EstBudgetAnswer
est_page_ask (const EstPage *page,
              const EstRation *ration,
              guint recipients,
              gboolean bulk,
              EstMoment now)
{
  const EstBudgetQuestion question
    = {&ration->limits, page->spending, page->reserved, recipients, bulk, now.steady};
  return est_budget_ask (&question);
}

/* Sends them all, on paper. */
GArray *
est_page_forecast (const EstPage *page,
                   const EstRation *ration,
                   const GArray *queue,
                   EstMoment now)
{
  g_autoptr (EstSpending) spending = est_spending_copy (page->spending);
  GArray *times = g_array_sized_new (FALSE, FALSE, sizeof (gint64), queue->len);
  est_spending_add (spending, now.steady, page->reserved, KEPT);
  EstBudgetQuestion question
    = {.limits = &ration->limits, .spending = spending, .now = now.steady};
  for (guint i = 0; i < queue->len; i++)
    {
      const EstNext *next = &g_array_index (queue, EstNext, i);
      question.recipients = next->recipients;
      question.bulk = next->bulk;
      question.now = est_budget_ask (&question).when;
      est_spending_add (spending, question.now, (EstAmount){1, next->recipients}, KEPT);
      g_array_append_val (times, question.now);
    }
  return times;
}

EstLesson *
est_page_learn (EstPage *page, const char *account, EstLimitWindow window, EstMoment now)
{
  EstAmount spent
    = est_spending_sum (page->spending, est_span_length (window.span), now.steady);
  guint64 value = window.counts_recipients ? spent.recipients : spent.messages;
  if (value < LEAST_LESSON)
    return NULL;
  EstLesson *lesson = g_new0 (EstLesson, 1);
  lesson->account = g_strdup (account);
  lesson->what = g_strconcat (window.counts_recipients ? "recipients-" : "messages-",
                              est_span_nick (window.span), NULL);
  lesson->value = (gint64) MIN (value, G_MAXINT);
  lesson->time = now.wall;
  est_page_load_lesson (page, lesson);
  return lesson;
}
