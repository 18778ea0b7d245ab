/* May a message leave now, or when? Pure arithmetic over what was spent and what may be:
   rolling windows of a minute, an hour and a day for messages and for recipients. Called
   budget because intake/allowance is what programs may hand in. */
#pragma once

#include "account/account.h"
#include "dispatcher/spending.h"

/* Wide enough for a window of a minute, an hour, a day; in microseconds. */
gint64 est_span_length (EstSpan span);
const char *est_span_nick (EstSpan span); /* "minute" ... */

/* What is asked about one message. */
typedef struct
{
  const EstBudget *limits; /* 0 or less: as much as there is */
  const EstSpending *spending;
  EstAmount reserved; /* is leaving just now, and counts as if it had */
  guint recipients;
  gboolean bulk; /* may use nine tenths only: the rest is for single letters */
  gint64 now;    /* on the clock of @spending */
} EstBudgetQuestion;

/* Which limit makes it wait longest. */
typedef struct
{
  gint64 when; /* the earliest time it may leave; @now: at once */
  gboolean counts_recipients;
  EstSpan span;
  guint limit; /* all of it, for bulk too */
} EstBudgetAnswer;

/* A message with more recipients than a whole window allows leaves when that window is
   empty, else it never would. */
EstBudgetAnswer est_budget_ask (const EstBudgetQuestion *question);

/* What is left of a window of @span; @limit is not 0. */
guint est_budget_left (guint limit, guint64 spent);
