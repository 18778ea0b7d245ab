/* What the answers to an envelope come to when all of them are in. One by one they are
   taken for what they answer; a relay that refuses everybody may mean somebody else. */
#include "outcome/blame.h"
#include "relay/exchange.h"

/* A relay that knows its users by where they are: this machine is somewhere else just
   now. The mail waits until it is back. */
static void
take_back (EstExchange *exchange, guint recipient)
{
  EstOutcome *outcome = exchange->outcome;
  g_autoptr (EstReply) words = est_reply_ref (outcome->verdicts[recipient].reply);
  est_outcome_set_verdict (outcome, recipient, EST_RECIPIENT_PENDING, NULL);
  est_exchange_note (exchange, EST_REASON_TURNED_AWAY, NULL, words);
}

static void
blame_sender (EstExchange *exchange, EstReply *words)
{
  g_autoptr (EstReply) reply = est_reply_ref (words);
  est_exchange_note (exchange, EST_REASON_REFUSED, NULL, reply);
}

/* Where nobody signed in there is no password to be refused. */
static void
forgive_sign_in (EstExchange *exchange)
{
  EstOutcome *outcome = exchange->outcome;
  if (outcome->reason != EST_REASON_SIGN_IN || outcome->reply == NULL)
    return;
  g_autoptr (EstReply) words = est_reply_ref (outcome->reply);
  est_outcome_set_reason (outcome, EST_REASON_TURNED_AWAY, NULL, words);
}

void
est_exchange_reconsider (EstExchange *exchange)
{
  EstOutcome *outcome = exchange->outcome;
  gboolean signed_in = exchange->relay->route.mechanism != NULL;
  if (exchange->n_taken > 0)
    return;
  if (!signed_in)
    forgive_sign_in (exchange);
  for (guint i = 0; i < outcome->n_verdicts; i++)
    {
      const EstVerdict *verdict = &outcome->verdicts[i];
      if (verdict->state != EST_RECIPIENT_FAILED || verdict->reply == NULL)
        continue;
      EstScope scope = est_blame (verdict->reply);
      if (scope == EST_SCOPE_ACCOUNT && !signed_in)
        take_back (exchange, i);
      else if (scope == EST_SCOPE_MESSAGE)
        blame_sender (exchange, verdict->reply);
    }
}
