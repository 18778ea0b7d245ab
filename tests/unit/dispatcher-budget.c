/* When a message may leave: by a table, and against a reckoning that counts everything
   every time. */
#include "dispatcher/budget.h"

#include "dispatcher/lesson.h"
#include "dispatcher/wakeup.h"

#define SECOND G_TIME_SPAN_SECOND
#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR   G_TIME_SPAN_HOUR
#define DAY    G_TIME_SPAN_DAY
#define NOW    (10 * DAY)

/* What was spent: ago, in seconds, and for how many. */
typedef struct
{
  gint64 ago;
  guint recipients;
} Past;

typedef struct
{
  const char *what;
  EstBudget limits;
  Past past[6]; /* the earliest first */
  EstAmount reserved;
  guint recipients;
  gboolean bulk;
  gint64 wait; /* seconds */
  EstSpan span;
} Case;

#define M EST_SPAN_MINUTE
#define H EST_SPAN_HOUR
#define D EST_SPAN_DAY

static const Case cases[] = {
  {"nothing was spent",                              {.messages = {[M] = 1}},    {{0, 0}},             {0, 0}, 1,    FALSE, 0,    M},
  {"no limits",                                      {{0}, {0}},                 {{1, 100}, {1, 100}}, {0, 0}, 1000, FALSE, 0,    M},
  {"-1 is no limit either",
   {{-1, -1, -1}, {-1, -1, -1}},
   {{1, 9}},
   {0, 0},
   9,                                                                                                                TRUE,
   0,                                                                                                                             M},
  {"one place left",                                 {.messages = {[M] = 2}},    {{5, 1}},             {0, 0}, 1,    FALSE, 0,    M},
  {"until the first is over",
   {.messages = {[M] = 2}},
   {{50, 1}, {5, 1}},
   {0, 0},
   1,                                                                                                                FALSE,
   10,                                                                                                                            M},
  {"just over",                                      {.messages = {[M] = 2}},    {{60, 1}, {5, 1}},    {0, 0}, 1,    FALSE, 0,    M},
  {"not quite over",                                 {.messages = {[M] = 2}},    {{59, 1}, {5, 1}},    {0, 0}, 1,    FALSE, 1,    M},
  {"messages do not count recipients",
   {.messages = {[M] = 2}},
   {{5, 90}},
   {0, 0},
   90,                                                                                                               FALSE,
   0,                                                                                                                             M},
  {"recipients do",                                  {.recipients = {[H] = 10}}, {{600, 8}},           {0, 0}, 3,    FALSE, 3000, H},
  {"as many as there is room for",
   {.recipients = {[H] = 10}},
   {{600, 8}},
   {0, 0},
   2,                                                                                                                FALSE,
   0,                                                                                                                             H},
  {"until two of three are over",
   {.recipients = {[H] = 10}},
   {{3000, 4}, {2000, 3}, {1000, 3}},
   {0, 0},
   6,                                                                                                                FALSE,
   1600,                                                                                                                          H},
  {"the longest wait counts",
   {.messages = {[M] = 1, [H] = 2, [D] = 9}},
   {{3000, 1}, {10, 1}},
   {0, 0},
   1,                                                                                                                FALSE,
   600,                                                                                                                           H},
  {"the day",
   {.messages = {[M] = 1}, .recipients = {[D] = 5}},
   {{80000, 3}, {30, 2}},
   {0, 0},
   1,                                                                                                                FALSE,
   6400,                                                                                                                          D},
  {"too many for any window leave when it is empty",
   {.recipients = {[M] = 5}},
   {{20, 1}},
   {0, 0},
   50,                                                                                                               FALSE,
   40,                                                                                                                            M},
  {"and at once if it is",                           {.recipients = {[M] = 5}},  {{90, 5}},            {0, 0}, 50,   FALSE, 0,    M},
  {"what leaves just now counts",
   {.messages = {[M] = 2}},
   {{30, 1}},
   {1, 1},
   1,                                                                                                                FALSE,
   30,                                                                                                                            M},
  {"nothing but that is in the way",
   {.messages = {[M] = 1}},
   {{0, 0}},
   {1, 1},
   1,                                                                                                                FALSE,
   60,                                                                                                                            M},
  {"too many beside what leaves",
   {.recipients = {[M] = 5}},
   {{0, 0}},
   {1, 1},
   50,                                                                                                               FALSE,
   60,                                                                                                                            M},
  {"bulk leaves a tenth",
   {.messages = {[M] = 10}},
   {{9, 1}, {8, 1}, {7, 1}, {6, 1}, {5, 1}, {4, 1}},
   {3, 3},
   1,                                                                                                                TRUE,
   51,                                                                                                                            M},
  {"which a letter gets",
   {.messages = {[M] = 10}},
   {{9, 1}, {8, 1}, {7, 1}, {6, 1}, {5, 1}, {4, 1}},
   {3, 3},
   1,                                                                                                                FALSE,
   0,                                                                                                                             M},
  {"bulk is never shut out",                         {.messages = {[M] = 1}},    {{0, 0}},             {0, 0}, 1,    TRUE,  0,    M},
  {"bulk to too many",                               {.recipients = {[M] = 10}}, {{0, 0}},             {0, 0}, 10,   TRUE,  0,    M},
};

static EstSpending *
spend (const Past *past, gsize n)
{
  EstSpending *spending = est_spending_new ();
  for (gsize i = 0; i < n && past[i].recipients > 0; i++)
    est_spending_add (spending, NOW - past[i].ago * SECOND,
                      (EstAmount){1, past[i].recipients}, DAY);
  return spending;
}

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_test_message ("%s", c->what);
      g_autoptr (EstSpending) spending = spend (c->past, G_N_ELEMENTS (c->past));
      const EstBudgetQuestion question
        = {&c->limits, spending, c->reserved, c->recipients, c->bulk, NOW};
      EstBudgetAnswer answer = est_budget_ask (&question);
      g_assert_cmpint (answer.when - NOW, ==, c->wait * SECOND);
      if (c->wait > 0)
        g_assert_cmpint (answer.span, ==, c->span);
    }
}

/* The plain reckoning. */
typedef struct
{
  gint64 time;
  guint recipients;
} Event;

static guint64
count_window (const GArray *events, gint64 span, gint64 at, gboolean recipients)
{
  guint64 sum = 0;
  for (guint i = 0; i < events->len; i++)
    {
      const Event *event = &g_array_index (events, Event, i);
      if (event->time > at - span && event->time <= at)
        sum += recipients ? event->recipients : 1;
    }
  return sum;
}

static gboolean
fits (const GArray *events, const EstBudgetQuestion *question, gint64 at)
{
  for (int recipients = 0; recipients <= 1; recipients++)
    for (EstSpan span = 0; span < EST_N_SPANS; span++)
      {
        int limit = recipients ? question->limits->recipients[span]
                               : question->limits->messages[span];
        guint64 share = (guint64) MAX (limit, 0);
        guint64 wanted = recipients ? question->recipients : 1;
        if (limit <= 0)
          continue;
        if (question->bulk)
          share = MAX (share * 9 / 10, 1);
        guint64 spent = count_window (events, est_span_length (span), at, recipients);
        if (spent > 0 && spent + wanted > share)
          return FALSE;
      }
  return TRUE;
}

/* It can only begin to fit when something is over. */
static gint64
reckon (const GArray *events, const EstBudgetQuestion *question)
{
  gint64 best = G_MAXINT64;
  if (fits (events, question, question->now))
    return question->now;
  for (guint i = 0; i < events->len; i++)
    for (EstSpan span = 0; span < EST_N_SPANS; span++)
      {
        gint64 at = g_array_index (events, Event, i).time + est_span_length (span);
        if (at > question->now && at < best && fits (events, question, at))
          best = at;
      }
  return best;
}

static int
draw_limit (void)
{
  return g_test_rand_int_range (0, 3) == 0 ? 0 : g_test_rand_int_range (1, 40);
}

static void
check_at_random (void)
{
  gint64 now = NOW;
  EstBudget limits;
  g_autoptr (EstSpending) spending = est_spending_new ();
  g_autoptr (GArray) events = g_array_new (FALSE, FALSE, sizeof (Event));
  for (EstSpan span = 0; span < EST_N_SPANS; span++)
    {
      limits.messages[span] = draw_limit ();
      limits.recipients[span] = draw_limit ();
    }
  for (int step = 0; step < 120; step++)
    {
      EstBudgetQuestion question = {
        &limits,
        spending,
        {0, 0},
        (guint) g_test_rand_int_range (1, 12),
        g_test_rand_bit (),
        now
      };
      EstBudgetAnswer answer = est_budget_ask (&question);
      g_assert_cmpint (answer.when, ==, reckon (events, &question));
      now = g_test_rand_bit () ? answer.when
                               : now + g_test_rand_int_range (0, 2000) * SECOND;
      if (now < answer.when)
        continue;
      Event event = {now, question.recipients};
      g_array_append_val (events, event);
      est_spending_add (spending, now, (EstAmount){1, question.recipients}, DAY);
    }
}

static void
test_random (void)
{
  for (int i = 0; i < 300; i++)
    check_at_random ();
}

/* What is older than a day is forgotten, and the sums stay right. */
static void
test_forgetting (void)
{
  g_autoptr (EstSpending) spending = est_spending_new ();
  for (gint64 hour = 0; hour < 500; hour++)
    {
      est_spending_add (spending, NOW + hour * HOUR, (EstAmount){1, 2}, DAY);
      EstAmount day = est_spending_sum (spending, DAY, NOW + hour * HOUR);
      g_assert_cmpuint (day.messages, ==, MIN (hour + 1, 24));
      g_assert_cmpuint (day.recipients, ==, 2 * MIN (hour + 1, 24));
    }
  EstAmount nothing = est_spending_sum (spending, DAY, NOW + 600 * HOUR);
  g_assert_cmpuint (nothing.messages, ==, 0);
}

/* The order is kept even if a caller was overtaken. */
static void
test_backwards (void)
{
  g_autoptr (EstSpending) spending = est_spending_new ();
  est_spending_add (spending, NOW, (EstAmount){1, 1}, DAY);
  est_spending_add (spending, NOW - HOUR, (EstAmount){1, 1}, DAY);
  g_assert_cmpuint (est_spending_sum (spending, MINUTE, NOW).messages, ==, 2);
  g_assert_cmpint (est_spending_messages_until (spending, MINUTE, 0, NOW), ==,
                   NOW + MINUTE);
}

static double
time_questions (guint events)
{
  const EstBudget limits = {
    {20, 100, 9  },
    {30, 200, 400}
  };
  g_autoptr (EstSpending) spending = est_spending_new ();
  for (guint i = 0; i < events; i++)
    est_spending_add (spending, NOW + i, (EstAmount){1, 1}, DAY);
  const EstBudgetQuestion question = {
    &limits, spending, {0, 0},
      1, FALSE, NOW + events
  };
  g_autoptr (GTimer) timer = g_timer_new ();
  for (int i = 0; i < 20000; i++)
    g_assert_cmpint (est_budget_ask (&question).when, >, NOW);
  return g_timer_elapsed (timer, NULL);
}

/* A thousand times as much takes a few steps more, not a thousand times as long. */
static void
test_much (void)
{
  double few = time_questions (100), many = time_questions (100000);
  g_test_message ("100: %.3f s, 100,000: %.3f s", few, many);
  g_assert_cmpfloat (many, <, few * 40);
}

static void
test_words (void)
{
  static const struct
  {
    const char *text;
    EstSpan span; /* with a 5xx */
    gboolean recipients;
  } answers[] = {
    {"Daily user sending limit exceeded. For more information on Gmail sending limits go "
     "to"
     " https://support.google.com/a/answer/166852",                  D, TRUE },
    {"you have exceeded your daily sending limit, try again in an hour",  D, TRUE },
    {"Mail send limit exceeded",                                          D, TRUE },
    {"Maximum messages per hour reached",                                 H, FALSE},
    {"Domain example.org has exceeded the max emails per hour (100/100)", H, FALSE},
    {"hourly limit for recipients of messages",                           H, TRUE },
    {"too many messages in 24 hours",                                     D, FALSE},
    {"sending\nrate exceeded",                                            M, TRUE },
    {"Rate limit: 30 messages per minute",                                M, FALSE},
    {"you are sending too fast",                                          M, TRUE },
    {"operated separately",                                               D, TRUE },
    {"",                                                                  D, TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_test_message ("%s", answers[i].text);
      g_autoptr (EstReply) reply = est_reply_new (550, "5.4.5", answers[i].text);
      EstLimitWindow window = est_lesson_window (reply);
      g_assert_cmpint (window.span, ==, answers[i].span);
      g_assert_cmpint (window.counts_recipients, ==, answers[i].recipients);
    }
  g_autoptr (EstReply) vague = est_reply_new (450, NULL, "Mail send limit exceeded");
  g_assert_cmpint (est_lesson_window (vague).span, ==, EST_SPAN_HOUR);
  g_autoptr (EstReply) clear = est_reply_new (450, NULL, "Daily limit exceeded");
  g_assert_cmpint (est_lesson_window (clear).span, ==, EST_SPAN_DAY);
}

/* Only the settings end it before its time. */
static void
test_wakeups (void)
{
  g_assert_false (est_wakeup_helps (EST_WAKEUP_NETWORK, EST_REASON_BUDGET));
  g_assert_false (est_wakeup_helps (EST_WAKEUP_KEYRING, EST_REASON_BUDGET));
  g_assert_false (est_wakeup_helps (EST_WAKEUP_PERSON, EST_REASON_BUDGET));
  g_assert_true (est_wakeup_helps (EST_WAKEUP_SETTINGS, EST_REASON_BUDGET));
  g_assert_true (est_wakeup_helps (EST_WAKEUP_PERSON, EST_REASON_SIGN_IN));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatcher/budget/table", test_table);
  g_test_add_func ("/dispatcher/budget/random", test_random);
  g_test_add_func ("/dispatcher/budget/forgetting", test_forgetting);
  g_test_add_func ("/dispatcher/budget/backwards", test_backwards);
  g_test_add_func ("/dispatcher/budget/much", test_much);
  g_test_add_func ("/dispatcher/budget/words", test_words);
  g_test_add_func ("/dispatcher/budget/wakeups", test_wakeups);
  return g_test_run ();
}
