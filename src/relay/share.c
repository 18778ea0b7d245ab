/* Who is asked about in this transaction, and who in the next: a relay takes so many
   recipients at once (RFC 9422, RFC 5321 4.5.3.1.10). */
#include "relay/exchange.h"

#include <string.h>

#define USUAL_RECIPIENTS 100 /* that every server is to take (RFC 5321 4.5.3.1.8) */

static guint
most_recipients (const EstExchange *exchange)
{
  const EstRelay *relay = exchange->relay;
  guint stated = relay->capabilities->rcpt_max;
  guint learnt = est_acquaintance_most_recipients (relay->acquaintance);
  guint most = stated > 0 ? stated : USUAL_RECIPIENTS;
  return learnt > 0 ? MIN (learnt, most) : most;
}

/* TRUE: the recipient's domain is among as many as the relay takes. */
static gboolean
has_room_for_domain (const EstExchange *exchange, GHashTable *domains, guint recipient)
{
  guint most = exchange->relay->capabilities->rcpt_domain_max;
  const char *at = strrchr (exchange->envelope->recipients[recipient], '@');
  g_autofree char *domain = g_ascii_strdown (at != NULL ? at + 1 : "", -1);
  if (most == 0 || g_hash_table_contains (domains, domain))
    return TRUE;
  if (g_hash_table_size (domains) >= most)
    return FALSE;
  return g_hash_table_add (domains, g_steal_pointer (&domain));
}

void
est_exchange_share (EstExchange *exchange)
{
  g_autoptr (GHashTable) domains
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint most = most_recipients (exchange);
  guint n_asked = 0;
  for (guint i = 0; i < exchange->n_asked && n_asked < most; i++)
    {
      guint recipient = exchange->asked[i];
      if (!has_room_for_domain (exchange, domains, recipient))
        continue;
      exchange->asked[n_asked++] = recipient;
      exchange->fates[recipient] = EST_FATE_ASKED;
    }
  exchange->n_asked = n_asked;
}

void
est_exchange_stop_asking (EstExchange *exchange)
{
  for (guint i = exchange->n_written - 1; i < exchange->n_asked; i++)
    exchange->fates[exchange->asked[i]] = EST_FATE_UNASKED;
  exchange->n_asked = exchange->n_written - 1;
}

/* Those it is to be are left without a word, and nothing that concerns all came up. */
static gboolean
has_rest (const EstExchange *exchange)
{
  const EstOutcome *outcome = exchange->outcome;
  if (est_reason_pauses (outcome->reason) || outcome->reason == EST_REASON_UNCERTAIN
      || !(exchange->concluded || exchange->out_of_step))
    return FALSE;
  for (guint i = 0; i < outcome->n_verdicts; i++)
    if (outcome->verdicts[i].state == EST_RECIPIENT_PENDING
        && outcome->verdicts[i].reply == NULL)
      return TRUE;
  return FALSE;
}

void
est_exchange_conclude (EstExchange *exchange)
{
  const char *name = exchange->relay->acquaintance;
  gboolean whole = exchange->n_flown > 0 && exchange->n_answered >= exchange->n_flown;
  if (exchange->refusal != NULL && !exchange->concluded)
    est_exchange_settle (exchange, exchange->last_out ? EST_STAGE_FINAL : EST_STAGE_CHUNK,
                         exchange->refusal);
  if (exchange->out_of_step)
    exchange->relay->in_step = FALSE;
  if (exchange->out_of_step)
    est_acquaintance_note_out_of_step (name);
  else if (exchange->broken || whole)
    est_acquaintance_note_flight (name, exchange->broken);
  if (exchange->limit > 0)
    est_acquaintance_note_most_recipients (name, exchange->limit);
  if (has_rest (exchange))
    est_outcome_set_rest (exchange->outcome);
}
