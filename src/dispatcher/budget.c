/* Six windows, and the one that takes longest to let a message through. */
#include "dispatcher/budget.h"

static const struct
{
  const char *nick;
  gint64 length;
} spans[EST_N_SPANS] = {
  [EST_SPAN_MINUTE] = {"minute", G_TIME_SPAN_MINUTE},
  [EST_SPAN_HOUR] = {"hour",   G_TIME_SPAN_HOUR  },
  [EST_SPAN_DAY] = {"day",    G_TIME_SPAN_DAY   },
};

gint64
est_span_length (EstSpan span)
{
  return spans[span].length;
}

const char *
est_span_nick (EstSpan span)
{
  return spans[span].nick;
}

/* Nine tenths for bulk, but never nothing. */
static guint64
share_of (guint64 limit, gboolean bulk)
{
  return bulk ? MAX (limit * 9 / 10, 1) : limit;
}

static gint64
until (const EstBudgetQuestion *question,
       gboolean recipients,
       gint64 length,
       guint64 most)
{
  return recipients ? est_spending_recipients_until (question->spending, length, most,
                                                     question->now)
                    : est_spending_messages_until (question->spending, length, most,
                                                   question->now);
}

/* When one window lets it through. What is reserved leaves now at the latest, as far as
   anybody knows: it is out of the window one span later. */
static gint64
ask_window (const EstBudgetQuestion *question,
            gboolean recipients,
            gint64 length,
            guint64 limit)
{
  guint64 wanted = recipients ? question->recipients : 1;
  guint64 reserved
    = recipients ? question->reserved.recipients : question->reserved.messages;
  guint64 share = MAX (share_of (limit, question->bulk), wanted);
  if (reserved + wanted > share)
    return question->now + length;
  return until (question, recipients, length, share - reserved - wanted);
}

EstBudgetAnswer
est_budget_ask (const EstBudgetQuestion *question)
{
  EstBudgetAnswer answer = {.when = question->now};
  for (int recipients = 0; recipients <= 1; recipients++)
    for (EstSpan span = 0; span < EST_N_SPANS; span++)
      {
        int limit = recipients ? question->limits->recipients[span]
                               : question->limits->messages[span];
        if (limit <= 0)
          continue;
        gint64 when
          = ask_window (question, recipients, spans[span].length, (guint64) limit);
        if (when > answer.when)
          answer = (EstBudgetAnswer){when, recipients != 0, span, (guint) limit};
      }
  return answer;
}

guint
est_budget_left (guint limit, guint64 spent)
{
  return spent < limit ? limit - (guint) spent : 0;
}
