/* The answers, in the order of the commands, and what each means for what follows. */
#include "relay/exchange.h"

EstStage
est_exchange_stage (const EstExchange *exchange, guint command)
{
  if (command == 0)
    return EST_STAGE_MAIL;
  if (command <= exchange->n_asked)
    return EST_STAGE_RCPT;
  if (!exchange->chunks)
    return command == exchange->n_asked + 1 ? EST_STAGE_DATA : EST_STAGE_FINAL;
  return command == exchange->last_chunk ? EST_STAGE_FINAL : EST_STAGE_CHUNK;
}

static guint
seconds_for (const EstExchange *exchange, EstStage stage)
{
  const EstDeliverySettings *limits = &exchange->relay->limits;
  switch (stage)
    {
    case EST_STAGE_DATA:
      return limits->data_seconds;
    case EST_STAGE_CHUNK:
      return limits->block_seconds;
    case EST_STAGE_FINAL:
      return limits->final_seconds;
    default:
      return limits->command_seconds;
    }
}

/* That a command came out of order, or was never heard of, is no word about mail where it
   came in order and was offered. */
static gboolean
is_about_order (const EstExchange *exchange, guint command, const EstReply *reply)
{
  return command < exchange->n_flown && (reply->code == 500 || reply->code == 503);
}

static void
take_mail (EstExchange *exchange, EstReply *reply)
{
  exchange->sender_taken = est_refusal_judge (EST_STAGE_MAIL, reply) == EST_REASON_NONE;
  if (!exchange->sender_taken)
    est_exchange_settle (exchange, EST_STAGE_MAIL, reply);
}

/* A relay that says yes after "too many" did not mean the number. */
static void
take_recipient (EstExchange *exchange, guint recipient)
{
  exchange->fates[recipient] = EST_FATE_TAKEN;
  exchange->n_taken++;
  exchange->limit = 0;
}

static gboolean
put_aside (EstExchange *exchange, guint recipient, const EstReply *reply)
{
  if (!est_refusal_is_too_many (reply))
    return FALSE;
  if (exchange->n_taken == 0)
    {
      est_acquaintance_note_most_recipients (exchange->relay->acquaintance, 0);
      return FALSE;
    }
  exchange->fates[recipient] = EST_FATE_ASIDE;
  if (exchange->limit == 0)
    exchange->limit = exchange->n_taken;
  return TRUE;
}

/* Behind a refused MAIL every RCPT of the flight is refused as well: that says nothing
   about the recipient. */
static void
take_rcpt (EstExchange *exchange, guint command, EstReply *reply)
{
  guint recipient = exchange->asked[command - 1];
  EstReason reason = est_refusal_judge (EST_STAGE_RCPT, reply);
  if (!exchange->sender_taken)
    return;
  if (reason == EST_REASON_NONE)
    {
      take_recipient (exchange, recipient);
      return;
    }
  if (put_aside (exchange, recipient, reply))
    return;
  if (is_about_order (exchange, command, reply))
    {
      exchange->fates[recipient] = EST_FATE_ASIDE;
      est_exchange_lose_step (exchange, reply);
      return;
    }
  exchange->fates[recipient] = EST_FATE_OVER;
  gboolean refused = reason == EST_REASON_RECIPIENT_REFUSED;
  if (reply->code != 421)
    est_outcome_set_verdict (exchange->outcome, recipient,
                             refused ? EST_RECIPIENT_FAILED : EST_RECIPIENT_PENDING,
                             reply);
  est_exchange_note (exchange, reason, NULL, reply);
}

/* A yes that does not ask for content is the answer to something else. */
static void
take_data (EstExchange *exchange, guint command, EstReply *reply)
{
  exchange->go_ahead = est_refusal_judge (EST_STAGE_DATA, reply) == EST_REASON_NONE;
  gboolean flown = command < exchange->n_flown;
  if (exchange->go_ahead)
    return;
  if (flown
      && (est_reply_class (reply) == 2
          || (exchange->n_taken > 0 && is_about_order (exchange, command, reply))))
    est_exchange_lose_step (exchange, reply);
  else if (exchange->n_taken > 0)
    est_exchange_settle (exchange, EST_STAGE_DATA, reply);
}

/* A relay that does not know BDAT has read content as commands: its answers to those
   would be taken for others. */
static gboolean
is_unknown (const EstReply *reply)
{
  return reply->code >= 500 && reply->code <= 504;
}

/* Where nobody was taken it must refuse, in whatever words. */
static void
take_chunk_refusal (EstExchange *exchange, EstReply *reply)
{
  exchange->relay->needs_rset = TRUE;
  if (exchange->refusal != NULL)
    return;
  if (is_unknown (reply) && (exchange->n_taken > 0 || reply->code != 503))
    est_exchange_lose_step (exchange, reply);
  else if (exchange->n_taken > 0)
    exchange->refusal = est_reply_ref (reply);
}

/* Of one answer too many nobody knows which was the right one. */
static gboolean
has_one_more (EstExchange *exchange)
{
  EstRelay *relay = exchange->relay;
  if (!exchange->flies || !est_talk_has_answer (relay))
    return FALSE;
  g_autoptr (EstReply) more = est_talk_read (relay, relay->limits.command_seconds, NULL);
  return more != NULL && more->code != 421;
}

static void
take_final_yes (EstExchange *exchange, EstReply *reply)
{
  static const char what[] = "the relay's answers do not fit together";
  if (exchange->n_taken == 0)
    return;
  if (exchange->refusal == NULL && !has_one_more (exchange))
    {
      est_exchange_settle (exchange, EST_STAGE_FINAL, reply);
      return;
    }
  est_exchange_lose_step (exchange, NULL);
  est_exchange_doubt (exchange,
                      g_error_new_literal (EST_RELAY_ERROR, EST_REASON_UNCERTAIN, what));
}

static void
take_final (EstExchange *exchange, EstReply *reply)
{
  exchange->relay->needs_rset = FALSE;
  exchange->concluded = reply->code != 421;
  if (est_refusal_judge (EST_STAGE_FINAL, reply) == EST_REASON_NONE)
    {
      take_final_yes (exchange, reply);
      return;
    }
  if (exchange->chunks)
    take_chunk_refusal (exchange, reply);
  if (exchange->n_taken > 0 && !exchange->out_of_step)
    est_exchange_settle (exchange, EST_STAGE_FINAL,
                         exchange->refusal != NULL ? exchange->refusal : reply);
}

static void
take (EstExchange *exchange, guint command, EstStage stage, EstReply *reply)
{
  switch (stage)
    {
    case EST_STAGE_MAIL:
      take_mail (exchange, reply);
      break;
    case EST_STAGE_RCPT:
      take_rcpt (exchange, command, reply);
      break;
    case EST_STAGE_DATA:
      take_data (exchange, command, reply);
      break;
    case EST_STAGE_FINAL:
      take_final (exchange, reply);
      break;
    default:
      if (est_refusal_judge (stage, reply) != EST_REASON_NONE)
        take_chunk_refusal (exchange, reply);
    }
}

/* A chunk is answered when all of it is there; a relay that speaks before has decided
   something. Only where nobody was taken it cannot be anything but no, and then both can
   stay in step. FALSE: it is the answer to nothing. */
static gboolean
comes_in_time (EstExchange *exchange, guint command, EstReply *reply)
{
  gboolean early = exchange->chunk_open && command + 1 == exchange->n_written;
  if (!early || est_exchange_is_in_vain (exchange))
    return TRUE;
  exchange->relay->in_step = FALSE;
  if (est_reply_class (reply) >= 4)
    return TRUE;
  est_exchange_lose_step (exchange, reply);
  return FALSE;
}

/* What is broken off before its answer: a connection that cannot bear flights perhaps.
   After a refusal silence adds nothing. */
static void
take_silence (EstExchange *exchange, GError *error)
{
  exchange->broken = est_exchange_breaks_flight (exchange, error);
  if (exchange->last_out && !est_exchange_is_in_vain (exchange))
    est_exchange_doubt (exchange, error);
  else if (exchange->refusal != NULL)
    g_error_free (error);
  else
    est_exchange_note_error (exchange, error);
}

gboolean
est_exchange_read_answer (EstExchange *exchange)
{
  EstRelay *relay = exchange->relay;
  GError *error = NULL;
  guint command = exchange->n_answered;
  EstStage stage = est_exchange_stage (exchange, command);
  g_autoptr (EstReply) reply
    = est_talk_read (relay, seconds_for (exchange, stage), &error);
  if (reply == NULL)
    {
      take_silence (exchange, error);
      return FALSE;
    }
  exchange->n_answered++;
  guint recipient = stage == EST_STAGE_RCPT ? exchange->asked[command - 1] : 0;
  est_outcome_note_answer (exchange->outcome, stage, recipient, reply);
  if (comes_in_time (exchange, command, reply))
    take (exchange, command, stage, reply);
  return relay->in_step;
}

gboolean
est_exchange_drain (EstExchange *exchange)
{
  gboolean more = TRUE;
  while (more && exchange->n_answered < exchange->n_written
         && est_talk_has_answer (exchange->relay))
    more = est_exchange_read_answer (exchange);
  return more;
}

gboolean
est_exchange_is_in_vain (const EstExchange *exchange)
{
  if (exchange->n_answered > 0 && !exchange->sender_taken)
    return TRUE;
  return exchange->n_answered > exchange->n_asked && exchange->n_taken == 0;
}
