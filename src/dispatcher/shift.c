/* One connection after the other, mostly one. */
#include "dispatcher/shift.h"

#include "account/acquaintance.h"
#include "base/clock.h"

static gboolean
tell_stirred (gpointer data)
{
  const EstShift *shift = data;
  shift->listener.stirred (shift->listener.data);
  return G_SOURCE_REMOVE;
}

static void
stir (EstShift *shift)
{
  est_messenger_send (shift->messenger, tell_stirred, shift, NULL);
}

static EstRelay *
open_relay (EstShift *shift)
{
  const EstErrand *errand = &shift->errand;
  g_auto (EstTrouble) trouble = {0};
  g_autoptr (GError) error = NULL;
  est_hand_set_let_in (shift->hand, FALSE);
  EstRelay *relay
    = est_relay_open (errand->account, &errand->settings->delivery, errand->credentials,
                      shift->reins.cancellable, &trouble, &error);
  if (relay == NULL && error->domain == EST_RELAY_ERROR)
    est_shift_pause (shift, (EstReason) error->code, error->message, &trouble);
  if (relay != NULL)
    {
      est_hand_set_let_in (shift->hand, TRUE);
      stir (shift);
    }
  return relay;
}

/* What the outcome means for the account. TRUE: the next message may follow on this
   connection. */
static gboolean
learn_from (EstShift *shift, EstRelay *relay, const EstReceipt *receipt)
{
  const EstOutcome *outcome = est_receipt_outcome (receipt);
  if (est_receipt_is_void (receipt))
    return FALSE;
  if (est_reason_pauses (outcome->reason))
    {
      const EstTrouble trouble = {outcome->reply, outcome->figures};
      est_shift_pause (shift, outcome->reason, outcome->detail, &trouble);
      return FALSE;
    }
  est_shift_end_pause (shift);
  return est_relay_is_usable (relay);
}

/* Hands @entry (taken over) over; @receipt is that of the message before, and then of
   this one. */
static gboolean
deliver (EstShift *shift, EstRelay *relay, EstEntry *entry, EstReceipt **receipt)
{
  gint64 id = entry->id;
  if (entry->size > EST_LETTER)
    stir (shift);
  *receipt = est_delivery_run (&shift->delivery, relay, entry, g_steal_pointer (receipt));
  est_book_close (shift->errand.book, id,
                  est_receipt_is_void (*receipt) ? NULL : est_receipt_outcome (*receipt));
  est_hand_put_down (shift->hand);
  return learn_from (shift, relay, *receipt);
}

/* Whoever plans is to see when something is due next: it does not hear of an end now.
   @until: on the steady clock. FALSE: the connection is not to be used any more. */
static gboolean
stand_by (EstShift *shift, EstRelay *relay, gint64 until)
{
  gint64 milliseconds = (until - est_clock_steady ()) / 1000;
  stir (shift);
  gboolean called
    = shift->pause == NULL
      && est_relay_stand_by (relay, est_hand_bell (shift->hand), MAX (milliseconds, 0));
  est_hand_get_up (shift->hand);
  return called;
}

static gboolean
is_kept (EstShift *shift)
{
  return shift->errand.settings->delivery.keep_seconds > 0
         && !est_reins_is_stopping (&shift->reins) && est_hand_sit_down (shift->hand);
}

/* Whoever has sat down is called when something becomes due; what became due just before
   it is claimed by itself. */
static EstEntry *
await_next (EstShift *shift, EstRelay *relay)
{
  EstEntry *entry = NULL;
  gint64 until = est_clock_steady ()
                 + shift->errand.settings->delivery.keep_seconds * G_USEC_PER_SEC;
  while (entry == NULL && is_kept (shift))
    {
      entry = est_shift_claim (shift);
      if (entry == NULL && !stand_by (shift, relay, until))
        return NULL;
    }
  return entry;
}

/* The next message is claimed while the outcome of the last one is still being stored;
   when there is none, that is waited for: it may be the same one's turn again, for
   recipients that the relay did not take at once. */
static EstEntry *
claim_next (EstShift *shift, EstRelay *relay, EstReceipt **receipt)
{
  EstEntry *entry = est_shift_claim (shift);
  if (entry != NULL)
    return entry;
  g_clear_pointer (receipt, est_receipt_finish);
  entry = est_shift_claim (shift);
  return entry != NULL ? entry : await_next (shift, relay);
}

static void
deliver_all (EstShift *shift, EstRelay *relay, EstEntry *first)
{
  EstReceipt *receipt = NULL;
  EstEntry *entry = first;
  while (entry != NULL)
    {
      gboolean more = deliver (shift, relay, entry, &receipt);
      entry = more ? claim_next (shift, relay, &receipt) : NULL;
    }
  est_receipt_finish (receipt);
}

/* Now it is known how long this relay keeps mail. What it would send on ahead of its time
   stays here. Takes @entry over, returns it or the next one. */
static EstEntry *
reconsider (EstShift *shift, EstEntry *entry)
{
  const EstErrand *errand = &shift->errand;
  gint64 now = est_clock_now ();
  EstReach reach = est_acquaintance_reach (errand->account);
  est_outbox_set_reach (errand->outbox, errand->account->name, &reach);
  if (entry->not_before <= now || est_reach_covers (&reach, entry->wanted, now))
    return entry;
  est_shift_give_back (shift, entry);
  return est_shift_claim (shift);
}

/* @entry is taken over. TRUE: the connection was one that is used up, or had died unseen,
   and what it was to carry waits for another. */
static gboolean
converse (EstShift *shift, EstEntry *entry)
{
  g_autoptr (EstRelay) relay = open_relay (shift);
  if (relay == NULL)
    {
      est_shift_give_back (shift, entry);
      return FALSE;
    }
  deliver_all (shift, relay, reconsider (shift, entry));
  return est_relay_is_stale (relay);
}

/* A message is claimed before the relay is called: nobody is called for nothing. */
void
est_shift_work (EstShift *shift)
{
  EstEntry *entry = est_shift_claim (shift);
  while (entry != NULL)
    entry = converse (shift, entry) ? est_shift_claim (shift) : NULL;
}
