/* MAIL, RCPT and DATA, in flights where the relay allows it (RFC 2920). Commands are
   numbered: 0 is MAIL, 1..n the recipients it is asked about, n + 1 DATA, which content
   that goes by chunks does without. */
#include "base/clock.h"
#include "relay/exchange.h"

#define LONGEST_FLIGHT                                                                   \
  50 /* more, unanswered, can fill the buffers of both sides for ever */

static EstStage
stage_of (const EstExchange *exchange, guint command)
{
  if (command == 0)
    return EST_STAGE_MAIL;
  return command <= exchange->n_asked ? EST_STAGE_RCPT : EST_STAGE_DATA;
}

static gboolean
write_mail (EstExchange *exchange, GError **error)
{
  const EstCapabilities *offered = exchange->relay->capabilities;
  const EstEnvelope *envelope = exchange->envelope;
  g_autoptr (GString) line = g_string_new (NULL);
  g_string_printf (line, "MAIL FROM:<%s>", envelope->sender);
  if (offered->size && exchange->source->size > 0)
    g_string_append_printf (line, " SIZE=%" G_GUINT64_FORMAT, exchange->source->size);
  if (exchange->body != EST_BODY_7BIT)
    g_string_append (line, exchange->body == EST_BODY_BINARYMIME ? " BODY=BINARYMIME"
                                                                 : " BODY=8BITMIME");
  g_autofree char *options = est_mail_options_format (
    &exchange->options, exchange->extensions, est_clock_now ());
  g_string_append (line, options);
  return est_wire_print (exchange->relay->wire, error, "%s\r\n", line->str);
}

static gboolean
write_rcpt (EstExchange *exchange, guint recipient, GError **error)
{
  const EstEnvelope *envelope = exchange->envelope;
  g_auto (EstRcptOptions) options = {0};
  est_rcpt_options_parse (&options, envelope->recipient_options[recipient],
                          EST_EXTENSIONS_ALL, NULL);
  g_autofree char *text = est_rcpt_options_format (&options, exchange->extensions);
  return est_wire_print (exchange->relay->wire, error, "RCPT TO:<%s>%s\r\n",
                         envelope->recipients[recipient], text);
}

static gboolean
write_command (EstExchange *exchange, guint command, GError **error)
{
  EstWire *wire = exchange->relay->wire;
  switch (stage_of (exchange, command))
    {
    case EST_STAGE_MAIL:
      return write_mail (exchange, error);
    case EST_STAGE_RCPT:
      return write_rcpt (exchange, exchange->asked[command - 1], error);
    default:
      return est_wire_print (wire, error, "DATA\r\n");
    }
}

static gboolean
write_flight (EstExchange *exchange, guint first, guint end)
{
  EstRelay *relay = exchange->relay;
  GError *cause = NULL, *error = NULL;
  relay->needs_rset = TRUE;
  gboolean written = est_talk_is_quiet (relay, &cause);
  est_wire_set_deadline (relay->wire, (gint64) relay->limits.command_seconds * 1000);
  for (guint command = first; written && command < end; command++)
    written = write_command (exchange, command, &cause);
  if (written && est_wire_flush (relay->wire, &cause))
    return TRUE;
  relay->in_step = FALSE;
  est_talk_fail (cause, &error);
  est_exchange_note_error (exchange, error);
  return FALSE;
}

static void
take_mail_answer (EstExchange *exchange, EstReply *reply)
{
  exchange->sender_taken = est_refusal_judge (EST_STAGE_MAIL, reply) == EST_REASON_NONE;
  if (!exchange->sender_taken)
    est_exchange_settle (exchange, EST_STAGE_MAIL, reply);
}

/* Behind a refused MAIL every RCPT of the flight is refused as well: that says nothing
   about the recipient. */
static void
take_rcpt_answer (EstExchange *exchange, guint recipient, EstReply *reply)
{
  EstReason reason = est_refusal_judge (EST_STAGE_RCPT, reply);
  if (!exchange->sender_taken)
    return;
  if (reason == EST_REASON_NONE)
    {
      exchange->n_taken++;
      return;
    }
  gboolean refused = reason == EST_REASON_RECIPIENT_REFUSED;
  if (reply->code != 421)
    est_outcome_set_verdict (exchange->outcome, recipient,
                             refused ? EST_RECIPIENT_FAILED : EST_RECIPIENT_PENDING,
                             reply);
  est_exchange_note (exchange, reason, NULL, reply);
}

static void
take_data_answer (EstExchange *exchange, EstReply *reply)
{
  exchange->go_ahead = est_refusal_judge (EST_STAGE_DATA, reply) == EST_REASON_NONE;
  if (!exchange->go_ahead && exchange->n_taken > 0)
    est_exchange_settle (exchange, EST_STAGE_DATA, reply);
}

static void
take_answer (EstExchange *exchange, guint command, EstReply *reply)
{
  switch (stage_of (exchange, command))
    {
    case EST_STAGE_MAIL:
      take_mail_answer (exchange, reply);
      break;
    case EST_STAGE_RCPT:
      take_rcpt_answer (exchange, exchange->asked[command - 1], reply);
      break;
    default:
      take_data_answer (exchange, reply);
    }
}

static void
note_and_take (EstExchange *exchange, guint command, EstReply *reply)
{
  EstStage stage = stage_of (exchange, command);
  guint recipient = stage == EST_STAGE_RCPT ? exchange->asked[command - 1] : 0;
  est_outcome_note_answer (exchange->outcome, stage, recipient, reply);
  take_answer (exchange, command, reply);
}

static gboolean
read_flight (EstExchange *exchange, guint first, guint end)
{
  EstRelay *relay = exchange->relay;
  for (guint command = first; command < end && relay->in_step; command++)
    {
      GError *error = NULL;
      guint seconds = stage_of (exchange, command) == EST_STAGE_DATA
                        ? relay->limits.data_seconds
                        : relay->limits.command_seconds;
      g_autoptr (EstReply) reply = est_talk_read (relay, seconds, &error);
      if (reply != NULL)
        note_and_take (exchange, command, reply);
      else
        est_exchange_note_error (exchange, error);
    }
  return relay->in_step;
}

/* Whether the rest of the envelope still makes sense before @command. */
static gboolean
goes_on (const EstExchange *exchange, guint command)
{
  if (command > 0 && !exchange->sender_taken)
    return FALSE;
  return command <= exchange->n_asked || exchange->n_taken > 0;
}

/* DATA travelled in the flight that turned out to have no recipient, and the relay awaits
   content nobody wants: a lone dot ends that (RFC 2920 3.1). */
static void
send_nothing (EstExchange *exchange)
{
  EstRelay *relay = exchange->relay;
  exchange->go_ahead = FALSE;
  if (est_talk_say (relay, relay->limits.block_seconds, ".\r\n", NULL))
    est_talk_skip (relay, relay->limits.final_seconds);
}

void
est_exchange_send_envelope (EstExchange *exchange)
{
  gboolean chunks = exchange->body == EST_BODY_BINARYMIME;
  guint total = exchange->n_asked + (chunks ? 1 : 2);
  guint flight = exchange->relay->capabilities->pipelining ? LONGEST_FLIGHT : 1;
  for (guint first = 0; first < total && goes_on (exchange, first); first += flight)
    {
      guint end = MIN (first + flight, total);
      if (!write_flight (exchange, first, end) || !read_flight (exchange, first, end))
        break;
    }
  if (exchange->go_ahead && exchange->n_taken == 0)
    send_nothing (exchange);
  if (chunks)
    exchange->go_ahead = exchange->relay->in_step && exchange->n_taken > 0;
}
