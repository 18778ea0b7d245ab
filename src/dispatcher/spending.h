/* What an account has spent lately, in the order of time: pure. Asked about windows that
   end at any moment; each answer costs a search by halves, however much was spent. Times
   are microseconds of one clock, any that does not go back. */
#pragma once

#include <glib.h>

typedef struct EstSpending EstSpending;

typedef struct
{
  guint64 messages;
  guint64 recipients;
} EstAmount;

EstSpending *est_spending_new (void);
void est_spending_free (EstSpending *spending);

/* Notes one handover; a @time before that of the last one counts as that. What is older
   than @kept (a span) is forgotten. */
void est_spending_add (EstSpending *spending, gint64 time, EstAmount amount, gint64 kept);

/* What was spent in the window of @span that ends at @now. Of something spent at T the
   last moment that counts it is just before T + @span. */
EstAmount est_spending_sum (const EstSpending *spending, gint64 span, gint64 now);

/* The earliest time from @now on at which a window of @span has in it at most @most
   messages (recipients), if nothing is spent until then. */
gint64 est_spending_messages_until (const EstSpending *spending,
                                    gint64 span,
                                    guint64 most,
                                    gint64 now);
gint64 est_spending_recipients_until (const EstSpending *spending,
                                      gint64 span,
                                      guint64 most,
                                      gint64 now);

/* A copy that can be spent from, to see what would be. */
EstSpending *est_spending_copy (const EstSpending *spending);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstSpending, est_spending_free)
