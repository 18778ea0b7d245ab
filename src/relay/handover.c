/* The handover as a whole: what may be handed over at all, the two halves, and the one
   reason that stands for everything that happened. */
#include "relay/handover.h"

#include "outcome/course.h"
#include "relay/exchange.h"

#define LONGEST_FLIGHT                                                                   \
  50 /* more, unanswered, can fill the buffers of both sides for ever */

void
est_exchange_note (EstExchange *exchange,
                   EstReason reason,
                   const char *detail,
                   EstReply *reply)
{
  EstOutcome *outcome = exchange->outcome;
  if (reason == EST_REASON_PROTOCOL || reason == EST_REASON_UNCERTAIN)
    exchange->relay->in_step = FALSE;
  if (est_course_for (reason)->badness > est_course_for (outcome->reason)->badness
      || outcome->reason == reason)
    est_outcome_set_reason (outcome, reason, detail, reply);
}

void
est_exchange_note_error (EstExchange *exchange, GError *error)
{
  EstReason reason = EST_REASON_DEFERRED;
  if (error->domain == EST_RELAY_ERROR)
    reason = (EstReason) error->code;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    reason = EST_REASON_DISCONNECTED;
  est_exchange_note (exchange, reason, error->message, NULL);
  g_error_free (error);
}

static void
settle_taken (EstExchange *exchange, EstReply *reply)
{
  for (guint i = 0; i < exchange->n_recipients; i++)
    if (exchange->fates[i] == EST_FATE_TAKEN)
      est_outcome_set_verdict (exchange->outcome, i, EST_RECIPIENT_SENT, reply);
}

static void
set_doubtful (EstExchange *exchange, EstReply *reply)
{
  for (guint i = 0; i < exchange->n_recipients; i++)
    if (exchange->fates[i] == EST_FATE_TAKEN || exchange->fates[i] == EST_FATE_ASKED)
      est_outcome_set_verdict (exchange->outcome, i, EST_RECIPIENT_DOUBTFUL, reply);
}

void
est_exchange_settle (EstExchange *exchange, EstStage stage, EstReply *reply)
{
  EstReason reason = est_refusal_judge (stage, reply);
  if (reason == EST_REASON_NONE)
    settle_taken (exchange, reply);
  else if (reason == EST_REASON_UNCERTAIN)
    set_doubtful (exchange, reply);
  else if (!est_reason_pauses (reason))
    est_outcome_settle_rest (exchange->outcome, est_course_for (reason)->recipient,
                             reply);
  est_exchange_note (exchange, reason, NULL, reply);
}

void
est_exchange_doubt (EstExchange *exchange, GError *error)
{
  set_doubtful (exchange, NULL);
  if (est_outcome_count (exchange->outcome, EST_RECIPIENT_DOUBTFUL) == 0)
    {
      est_exchange_note_error (exchange, error);
      return;
    }
  est_exchange_note (exchange, EST_REASON_UNCERTAIN, error->message, NULL);
  g_error_free (error);
}

void
est_exchange_lose_step (EstExchange *exchange, EstReply *reply)
{
  exchange->out_of_step = TRUE;
  est_exchange_note (
    exchange, EST_REASON_NONE,
    "the relay's answers do not fit: from now on it is asked less at once", reply);
}

/* What an earlier message left behind. A refused RSET is about the connection, not about
   this message. */
static gboolean
clear_away (EstExchange *exchange)
{
  EstRelay *relay = exchange->relay;
  GError *error = NULL;
  if (!relay->needs_rset)
    return TRUE;
  g_autoptr (EstReply) reply = est_talk_ask (
    relay, EST_STAGE_RSET, relay->limits.command_seconds, "RSET\r\n", &error);
  if (reply != NULL)
    {
      relay->needs_rset = FALSE;
      return TRUE;
    }
  relay->in_step = FALSE;
  est_exchange_note_error (exchange, error);
  return FALSE;
}

static void
copy_route (EstRoute *to, const EstRoute *from)
{
  to->peer = g_strdup (from->peer);
  to->tls = g_strdup (from->tls);
  to->mechanism = g_strdup (from->mechanism);
}

static gboolean
asks_about_success (const char *options)
{
  g_auto (EstRcptOptions) asked = {0};
  return *options != '\0'
         && est_rcpt_options_parse (&asked, options, EST_EXTENSIONS_ALL, NULL)
         && (asked.notify & EST_NOTIFY_SUCCESS) != 0;
}

/* RFC 3461 5.2.2: a relay without DSN was not told that somebody wants to know. */
static void
note_relayed (EstExchange *exchange)
{
  EstOutcome *outcome = exchange->outcome;
  if ((exchange->relay->capabilities->parameters & EST_EXTENSION_DSN) != 0)
    return;
  for (guint i = 0; i < outcome->n_verdicts; i++)
    if (outcome->verdicts[i].state == EST_RECIPIENT_SENT
        && asks_about_success (exchange->envelope->recipient_options[i]))
      est_outcome_set_relayed (outcome, i);
}

/* What it taught before holds whatever it offers now. */
static void
learn_manners (EstExchange *exchange)
{
  EstRelay *relay = exchange->relay;
  exchange->manners = est_acquaintance_manners (relay->acquaintance);
  if (exchange->manners >= EST_MANNERS_STEPS)
    relay->capabilities->pipelining = FALSE;
  if (exchange->manners >= EST_MANNERS_DATA)
    relay->capabilities->chunking = FALSE;
  exchange->longest = relay->capabilities->pipelining ? LONGEST_FLIGHT : 1;
}

/* Without PIPELINING chunks would only be more to say, but for content that comes no
   other way. */
static void
choose_way (EstExchange *exchange)
{
  exchange->chunks
    = exchange->body == EST_BODY_BINARYMIME
      || (exchange->longest > 1 && exchange->relay->capabilities->chunking);
}

static void
converse (EstExchange *exchange)
{
  learn_manners (exchange);
  if (!est_exchange_accepts_terms (exchange))
    return;
  est_exchange_share (exchange);
  choose_way (exchange);
  if (!est_exchange_load (exchange) || !clear_away (exchange))
    return;
  est_exchange_send_envelope (exchange);
  if (exchange->go_ahead && exchange->chunks)
    est_exchange_send_chunks (exchange);
  else if (exchange->go_ahead)
    est_exchange_send_content (exchange);
  est_exchange_reconsider (exchange);
  est_exchange_conclude (exchange);
  est_exchange_interpret (exchange);
}

static void
clear_exchange (EstExchange *exchange)
{
  est_fitting_free (exchange->fitting);
  est_mail_options_clear (&exchange->options);
  g_clear_pointer (&exchange->ahead, g_byte_array_unref);
  g_clear_pointer (&exchange->refusal, est_reply_unref);
  g_free (exchange->asked);
  g_free (exchange->fates);
}

EstOutcome *
est_handover (EstRelay *relay, EstEnvelope *envelope, const EstHandoverSource *source)
{
  guint n_recipients = g_strv_length (envelope->recipients);
  EstExchange exchange = {
    .relay = relay,
    .envelope = envelope,
    .source = source,
    .body = envelope->body,
    .outcome = est_outcome_new (n_recipients),
    .n_recipients = n_recipients,
    .fates = g_new0 (EstFate, n_recipients + 1),
  };
  copy_route (&exchange.outcome->route, &relay->route);
  if (relay->greeting != NULL)
    est_outcome_note_answer (exchange.outcome, EST_STAGE_GREETING, 0, relay->greeting);
  converse (&exchange);
  relay->kept = relay->kept || relay->in_step;
  note_relayed (&exchange);
  clear_exchange (&exchange);
  return exchange.outcome;
}
