/* The handover as a whole: what may be handed over at all, the two halves, and the one
   reason that stands for everything that happened. */
#include "relay/handover.h"

#include "outcome/course.h"
#include "relay/exchange.h"

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

void
est_exchange_settle (EstExchange *exchange, EstStage stage, EstReply *reply)
{
  EstReason reason = est_refusal_judge (stage, reply);
  if (!est_reason_pauses (reason))
    est_outcome_settle_rest (exchange->outcome, est_course_for (reason)->recipient,
                             reply);
  est_exchange_note (exchange, reason, NULL, reply);
}

void
est_exchange_refuse (EstExchange *exchange, const char *status, const char *text)
{
  g_autoptr (EstReply) reply = est_reply_new (554, status, text);
  est_exchange_settle (exchange, EST_STAGE_DATA, reply);
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
  };
  copy_route (&exchange.outcome->route, &relay->route);
  if (relay->greeting != NULL)
    est_outcome_note_answer (exchange.outcome, EST_STAGE_GREETING, 0, relay->greeting);
  if (est_exchange_accepts_terms (&exchange) && clear_away (&exchange))
    {
      est_exchange_send_envelope (&exchange);
      est_exchange_reconsider (&exchange);
    }
  if (exchange.go_ahead && exchange.body == EST_BODY_BINARYMIME)
    est_exchange_send_chunks (&exchange);
  else if (exchange.go_ahead)
    est_exchange_send_content (&exchange);
  note_relayed (&exchange);
  est_fitting_free (exchange.fitting);
  est_mail_options_clear (&exchange.options);
  g_free (exchange.asked);
  return exchange.outcome;
}
