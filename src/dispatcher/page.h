/* One account's page of the book of budgets. One thread at a time. */
#pragma once

#include "dispatcher/budget.h"
#include "dispatcher/lesson.h"
#include "dispatcher/ration.h"
#include "outbox/outbox.h"

/* What its relay has taught about one window; 0: nothing. */
typedef struct
{
  int value;
  gint64 time; /* wall clock */
} EstTaught;

typedef struct
{
  EstSpending *spending; /* on the steady clock */
  EstAmount reserved;    /* leaves just now */
  gint64 since;          /* mail leaves by it, wall clock; 0: none has */
  EstTaught messages[EST_N_SPANS];
  EstTaught recipients[EST_N_SPANS];
} EstPage;

/* Both clocks at one moment, in microseconds. */
typedef struct
{
  gint64 steady;
  gint64 wall;
} EstMoment;

EstPage *est_page_new (void);
void est_page_free (EstPage *page);

/* Takes up what was noted on the wall clock, in its order. */
void est_page_load_spent (EstPage *page, const EstSpent *spent, EstMoment now);
void est_page_load_lesson (EstPage *page, const EstLesson *lesson);

void est_page_spend (EstPage *page, guint recipients, EstMoment now);

/* Which limits hold now. */
EstRation est_page_ration (const EstPage *page, const EstAccount *account, EstMoment now);

/* When a message to so many may leave. */
EstBudgetAnswer est_page_ask (const EstPage *page,
                              const EstRation *ration,
                              guint recipients,
                              gboolean bulk,
                              EstMoment now);

/* When each message of @queue (EstNext), in this order, will leave: gint64 on the steady
   clock. */
GArray *est_page_forecast (const EstPage *page,
                           const EstRation *ration,
                           const GArray *queue,
                           EstMoment now);

/* Its relay said that @window is full. A lesson to be kept; NULL where so little had left
   that others must have filled it: the account is used by more than this computer. */
EstLesson *
est_page_learn (EstPage *page, const char *account, EstLimitWindow window, EstMoment now);
