/* The book of budgets: what each account has spent, what is leaving just now, what its
   relay has taught. One for the whole dispatcher; any thread. Time is counted on a clock
   that goes on while the machine sleeps and that nobody can set: neither a sleep nor a
   new time of day makes a budget that the provider does not know of. */
#pragma once

#include "account/account.h"
#include "dispatcher/ration.h"
#include "outbox/outbox.h"

typedef struct EstBook EstBook;

/* Takes up what the outbox remembers of the last day. */
EstBook *est_book_new (EstOutbox *outbox);
void est_book_free (EstBook *book);

/* Why nothing leaves now, and until when. */
typedef struct
{
  gint64 until;  /* microseconds since 1970; 0: the budget is not in the way */
  char *figures; /* "messages minute 20 default": see wording/particulars.c */
} EstWait;

void est_wait_clear (EstWait *wait);

/* Claims the account's next message of at most @largest octets, if its budget lets it
   leave now, and reserves what it may cost until est_book_close(). If the one that goes
   next may not, and is bulk, then a single letter that may. Else NULL; @wait says whether
   the budget is why. */
EstEntry *est_book_claim (EstBook *book,
                          const EstAccount *account,
                          guint64 largest,
                          GCancellable *call_back,
                          EstWait *wait,
                          GError **error);

/* What became of a message that was claimed so; @outcome NULL: it was given back. What
   the relay took, and may have taken, is spent; "limit reached" is learnt, and waited for
   until it is stored. */
void est_book_close (EstBook *book, gint64 id, const EstOutcome *outcome);

/* When est_book_claim() will have something for the account; G_MAXINT64: nothing waits.
 */
gint64 est_book_due (EstBook *book, const EstAccount *account);

/* When a letter to one recipient can leave. */
gint64 est_book_when (EstBook *book, const EstAccount *account);

/* One of the account's limits, and what is left of it. */
typedef struct
{
  gboolean counts_recipients;
  EstSpan span;
  guint limit;
  guint left;
  EstRationSource source;
} EstAllotment;

/* EstAllotment, without those where as much may leave as there is. */
GArray *est_book_allotments (EstBook *book, const EstAccount *account);

/* When the account's messages that are due will leave if nothing changes: id to time,
   both gint64 *. Of a long queue the first ones only. */
GHashTable *est_book_forecast (EstBook *book, const EstAccount *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstBook, est_book_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstWait, est_wait_clear)
