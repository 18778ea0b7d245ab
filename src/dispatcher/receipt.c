/* Stores outcomes. */
#include "dispatcher/receipt.h"

#include "base/clock.h"
#include "dispatcher/patience.h"

#define FIRST_STORE_RETRY_MS 1000
#define LAST_STORE_RETRY_MS  60000

struct EstReceipt
{
  EstDelivery delivery;
  EstEntry *entry;
  EstOutcome *outcome;
  guint *numbers;
  gboolean marked;
  EstSettlement settlement;
  EstSettlingTicket *ticket; /* NULL: the message was given back */
};

gint64
est_delivery_delay (const EstDeliverySettings *limits, guint tries)
{
  return est_patience_delay (tries, limits->first_retry_seconds,
                             limits->longest_retry_seconds, g_random_double ());
}

/* The relay has put it off for as long as we go on: what is pending is refused, with the
   last words it had. */
static void
give_up (EstOutcome *outcome)
{
  g_autoptr (EstReply) reply = outcome->reply ? est_reply_ref (outcome->reply) : NULL;
  for (guint i = 0; i < outcome->n_verdicts; i++)
    if (outcome->verdicts[i].state == EST_RECIPIENT_PENDING)
      {
        g_autoptr (EstReply) words = outcome->verdicts[i].reply;
        outcome->verdicts[i].reply = NULL;
        est_outcome_set_verdict (outcome, i, EST_RECIPIENT_FAILED, words);
      }
  est_outcome_set_reason (outcome, EST_REASON_EXPIRED, "gave up", reply);
}

static gboolean
puts_off (const EstOutcome *outcome)
{
  for (guint i = 0; i < outcome->n_verdicts; i++)
    if (outcome->verdicts[i].state == EST_RECIPIENT_PENDING
        && outcome->verdicts[i].reply != NULL)
      return TRUE;
  return FALSE;
}

/* The next transaction is a matter of the relay's, not of time: what is put off meanwhile
   counts once, and is not asked for again before its own time (est_entry_pending_envelope
   ()). */
static gboolean
counts_for_patience (const EstReceipt *receipt)
{
  const EstOutcome *outcome = receipt->outcome;
  if (outcome->release != 0)
    return FALSE;
  if (outcome->rest)
    return puts_off (outcome) && receipt->entry->first_answer == 0;
  return !est_reason_pauses (outcome->reason);
}

/* Its person wants to decide: it did not fail, and whom it was not offered to is open. */
static void
keep_open (EstOutcome *outcome)
{
  for (guint i = 0; i < outcome->n_verdicts; i++)
    {
      EstVerdict *verdict = &outcome->verdicts[i];
      if (verdict->state == EST_RECIPIENT_FAILED
          && (verdict->reply == NULL || verdict->reply == outcome->reply))
        verdict->state = EST_RECIPIENT_PENDING;
    }
}

static gboolean
is_to_be_held (const EstReceipt *receipt)
{
  return receipt->outcome->reason == EST_REASON_TOO_LARGE
         && receipt->delivery.account->hold_too_large;
}

/* What was to go ahead of its time: trouble of the account changes nothing about that,
   any other word of the relay that leaves it here means that it waits here. */
static gint64
settle_ahead (const EstOutcome *outcome)
{
  guint stays = est_outcome_count (outcome, EST_RECIPIENT_PENDING)
                + est_outcome_count (outcome, EST_RECIPIENT_DOUBTFUL);
  if (outcome->release == 0 || outcome->rest || est_reason_pauses (outcome->reason))
    return 0;
  return stays > 0 ? -1 : outcome->release;
}

/* A message that met trouble of the account or the network goes behind the others, so
   that one that breaks every connection cannot hold them up; its patience is not used
   up. Nor is that of one whose time has not come. */
static void
judge (EstReceipt *receipt)
{
  const EstDeliverySettings *limits = receipt->delivery.limits;
  EstOutcome *outcome = receipt->outcome;
  gint64 now = est_clock_now ();
  gint64 lane_time = est_stint_time (receipt->delivery.stint, g_get_monotonic_time ());
  gint64 put_off = est_patience_put_off (receipt->entry->first_answer, lane_time);
  gboolean counts = counts_for_patience (receipt);
  gboolean hold = is_to_be_held (receipt);
  if (outcome->reason == EST_REASON_DEFERRED && !outcome->rest
      && est_patience_is_over (put_off, limits->give_up_seconds))
    give_up (outcome);
  gint64 delay = counts && !outcome->rest
                   ? est_delivery_delay (limits, receipt->entry->attempts)
                   : 0;
  if (hold)
    keep_open (outcome);
  receipt->settlement = (EstSettlement){.entry = receipt->entry,
                                        .outcome = outcome,
                                        .numbers = receipt->numbers,
                                        .not_before = MAX (now + delay, outcome->release),
                                        .counts = counts,
                                        .lane_time = lane_time,
                                        .hold = hold,
                                        .ahead = settle_ahead (outcome)};
}

static EstReceipt *
new_receipt (const EstDelivery *delivery, EstEntry *entry, EstOutcome *outcome)
{
  EstReceipt *receipt = g_new0 (EstReceipt, 1);
  receipt->delivery = *delivery;
  receipt->entry = entry;
  receipt->outcome = outcome;
  return receipt;
}

EstReceipt *
est_receipt_begin (const EstDelivery *delivery,
                   EstEntry *entry,
                   EstOutcome *outcome,
                   guint *numbers,
                   gboolean marked)
{
  EstReceipt *receipt = new_receipt (delivery, entry, outcome);
  receipt->numbers = numbers;
  receipt->marked = marked;
  judge (receipt);
  receipt->ticket = est_outbox_settle_begin (delivery->outbox, &receipt->settlement);
  return receipt;
}

EstReceipt *
est_receipt_void (const EstDelivery *delivery, EstEntry *entry, EstOutcome *outcome)
{
  est_outbox_release (delivery->outbox, entry->id);
  return new_receipt (delivery, entry, outcome);
}

const EstOutcome *
est_receipt_outcome (const EstReceipt *receipt)
{
  return receipt->outcome;
}

gboolean
est_receipt_is_void (const EstReceipt *receipt)
{
  return receipt->ticket == NULL;
}

/* What the relay has said must not be forgotten because the disc is full now: it would be
   sent again. It is tried as long as the program runs. */
static void
settle (EstReceipt *receipt)
{
  const EstDelivery *delivery = &receipt->delivery;
  EstSettlingTicket *ticket = receipt->ticket;
  guint pause = FIRST_STORE_RETRY_MS;
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      if (est_outbox_settle_end (delivery->outbox, ticket, &error))
        return;
      g_warning ("the outcome of message %" G_GINT64_FORMAT " could not be noted: %s",
                 receipt->entry->id, error->message);
      if (pause == FIRST_STORE_RETRY_MS)
        delivery->stuck (delivery->data, error);
      if (!delivery->rest (delivery->data, pause))
        return;
      pause = MIN (pause * 2, LAST_STORE_RETRY_MS);
      ticket = est_outbox_settle_begin (delivery->outbox, &receipt->settlement);
    }
}

void
est_receipt_finish (EstReceipt *receipt)
{
  if (receipt == NULL)
    return;
  if (receipt->ticket != NULL)
    settle (receipt);
  if (receipt->marked)
    receipt->delivery.in_doubt (receipt->delivery.data, FALSE);
  est_entry_free (receipt->entry);
  est_outcome_unref (receipt->outcome);
  g_free (receipt->numbers);
  g_free (receipt);
}
