/* An array of running totals. */
#include "dispatcher/spending.h"

typedef struct
{
  gint64 time;
  EstAmount before; /* all that was spent until then, without this */
} Event;

struct EstSpending
{
  GArray *events; /* Event; those before @first are forgotten */
  guint first;
  EstAmount total; /* all that ever was */
};

EstSpending *
est_spending_new (void)
{
  EstSpending *spending = g_new0 (EstSpending, 1);
  spending->events = g_array_new (FALSE, FALSE, sizeof (Event));
  return spending;
}

void
est_spending_free (EstSpending *spending)
{
  if (spending == NULL)
    return;
  g_array_unref (spending->events);
  g_free (spending);
}

EstSpending *
est_spending_copy (const EstSpending *spending)
{
  EstSpending *copy = g_new0 (EstSpending, 1);
  *copy = *spending;
  copy->events = g_array_copy (spending->events);
  return copy;
}

static const Event *
event_at (const EstSpending *spending, guint i)
{
  return &g_array_index (spending->events, Event, i);
}

/* The first event after @time. */
static guint
find_after (const EstSpending *spending, gint64 time)
{
  guint low = spending->first, high = spending->events->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (event_at (spending, middle)->time > time)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

/* Half of the array is thrown away at a time, so that each event is moved once or so. */
static void
forget (EstSpending *spending, gint64 until)
{
  spending->first = find_after (spending, until);
  if (spending->first > spending->events->len / 2)
    {
      g_array_remove_range (spending->events, 0, spending->first);
      spending->first = 0;
    }
}

void
est_spending_add (EstSpending *spending, gint64 time, EstAmount amount, gint64 kept)
{
  guint n = spending->events->len;
  gint64 last = n > 0 ? event_at (spending, n - 1)->time : G_MININT64;
  Event event = {MAX (time, last), spending->total};
  g_array_append_val (spending->events, event);
  spending->total.messages += amount.messages;
  spending->total.recipients += amount.recipients;
  forget (spending, event.time - kept);
}

/* All that was spent before event @i, which may be the one that is still to come. */
static EstAmount
total_before (const EstSpending *spending, guint i)
{
  return i < spending->events->len ? event_at (spending, i)->before : spending->total;
}

EstAmount
est_spending_sum (const EstSpending *spending, gint64 span, gint64 now)
{
  EstAmount before = total_before (spending, find_after (spending, now - span));
  return (EstAmount){spending->total.messages - before.messages,
                     spending->total.recipients - before.recipients};
}

static guint64
pick (EstAmount amount, gboolean recipients)
{
  return recipients ? amount.recipients : amount.messages;
}

/* How many of the events have to be over, so that the rest is not more than @most. */
static guint
find_enough (const EstSpending *spending, guint64 most, gboolean recipients)
{
  guint low = spending->first, high = spending->events->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      EstAmount before = event_at (spending, middle)->before;
      if (pick (spending->total, recipients) - pick (before, recipients) <= most)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

static gint64
find_until (
  const EstSpending *spending, gint64 span, guint64 most, gint64 now, gboolean recipients)
{
  guint over = find_enough (spending, most, recipients);
  return over > spending->first ? MAX (event_at (spending, over - 1)->time + span, now)
                                : now;
}

gint64
est_spending_messages_until (const EstSpending *spending,
                             gint64 span,
                             guint64 most,
                             gint64 now)
{
  return find_until (spending, span, most, now, FALSE);
}

gint64
est_spending_recipients_until (const EstSpending *spending,
                               gint64 span,
                               guint64 most,
                               gint64 now)
{
  return find_until (spending, span, most, now, TRUE);
}
