/* MAIL, RCPT and DATA, in flights where the relay allows it (RFC 2920). Commands are
   numbered: 0 is MAIL, 1..n the recipients, n + 1 DATA. */
#include "relay/transaction.h"

#define LONGEST_FLIGHT                                                                   \
  50 /* more, unanswered, can fill the buffers of both sides for ever */

static EstStage
stage_of (const EstTransaction *transaction, guint command)
{
  if (command == 0)
    return EST_STAGE_MAIL;
  return command <= transaction->n_recipients ? EST_STAGE_RCPT : EST_STAGE_DATA;
}

static gboolean
write_mail (EstTransaction *transaction, GError **error)
{
  const EstCapabilities *offered = transaction->relay->capabilities;
  const EstEnvelope *envelope = transaction->envelope;
  g_autoptr (GString) line = g_string_new (NULL);
  g_string_printf (line, "MAIL FROM:<%s>", envelope->sender);
  if (offered->size && transaction->source->size > 0)
    g_string_append_printf (line, " SIZE=%" G_GUINT64_FORMAT, transaction->source->size);
  if (envelope->body == EST_BODY_8BITMIME)
    g_string_append (line, " BODY=8BITMIME");
  return est_wire_print (transaction->relay->wire, error, "%s\r\n", line->str);
}

static gboolean
write_command (EstTransaction *transaction, guint command, GError **error)
{
  EstWire *wire = transaction->relay->wire;
  switch (stage_of (transaction, command))
    {
    case EST_STAGE_MAIL:
      return write_mail (transaction, error);
    case EST_STAGE_RCPT:
      return est_wire_print (wire, error, "RCPT TO:<%s>\r\n",
                             transaction->envelope->recipients[command - 1]);
    default:
      return est_wire_print (wire, error, "DATA\r\n");
    }
}

static gboolean
write_flight (EstTransaction *transaction, guint first, guint end)
{
  EstRelay *relay = transaction->relay;
  GError *cause = NULL, *error = NULL;
  relay->needs_rset = TRUE;
  est_wire_set_deadline (relay->wire, (gint64) relay->limits.command_seconds * 1000);
  gboolean written = TRUE;
  for (guint command = first; written && command < end; command++)
    written = write_command (transaction, command, &cause);
  if (written && est_wire_flush (relay->wire, &cause))
    return TRUE;
  relay->in_step = FALSE;
  est_talk_fail (cause, &error);
  est_transaction_note_error (transaction, error);
  return FALSE;
}

static void
take_mail_answer (EstTransaction *transaction, EstReply *reply)
{
  transaction->sender_taken
    = est_refusal_judge (EST_STAGE_MAIL, reply) == EST_REASON_NONE;
  if (!transaction->sender_taken)
    est_transaction_settle (transaction, EST_STAGE_MAIL, reply);
}

/* Behind a refused MAIL every RCPT of the flight is refused as well: that says nothing
   about the recipient. */
static void
take_rcpt_answer (EstTransaction *transaction, guint recipient, EstReply *reply)
{
  EstReason reason = est_refusal_judge (EST_STAGE_RCPT, reply);
  if (!transaction->sender_taken)
    return;
  if (reason == EST_REASON_NONE)
    {
      transaction->n_taken++;
      return;
    }
  gboolean refused = reason == EST_REASON_RECIPIENT_REFUSED;
  if (reply->code != 421)
    est_outcome_set_verdict (transaction->outcome, recipient,
                             refused ? EST_RECIPIENT_FAILED : EST_RECIPIENT_PENDING,
                             reply);
  est_transaction_note (transaction, reason, NULL, reply);
}

static void
take_data_answer (EstTransaction *transaction, EstReply *reply)
{
  transaction->go_ahead = est_refusal_judge (EST_STAGE_DATA, reply) == EST_REASON_NONE;
  if (!transaction->go_ahead && transaction->n_taken > 0)
    est_transaction_settle (transaction, EST_STAGE_DATA, reply);
}

static void
take_answer (EstTransaction *transaction, guint command, EstReply *reply)
{
  switch (stage_of (transaction, command))
    {
    case EST_STAGE_MAIL:
      take_mail_answer (transaction, reply);
      break;
    case EST_STAGE_RCPT:
      take_rcpt_answer (transaction, command - 1, reply);
      break;
    default:
      take_data_answer (transaction, reply);
    }
}

static gboolean
read_flight (EstTransaction *transaction, guint first, guint end)
{
  EstRelay *relay = transaction->relay;
  for (guint command = first; command < end && relay->in_step; command++)
    {
      GError *error = NULL;
      guint seconds = stage_of (transaction, command) == EST_STAGE_DATA
                        ? relay->limits.data_seconds
                        : relay->limits.command_seconds;
      g_autoptr (EstReply) reply = est_talk_read (relay, seconds, &error);
      if (reply != NULL)
        take_answer (transaction, command, reply);
      else
        est_transaction_note_error (transaction, error);
    }
  return relay->in_step;
}

/* Whether the rest of the envelope still makes sense before @command. */
static gboolean
goes_on (const EstTransaction *transaction, guint command)
{
  if (command > 0 && !transaction->sender_taken)
    return FALSE;
  return command <= transaction->n_recipients || transaction->n_taken > 0;
}

/* DATA travelled in the flight that turned out to have no recipient, and the relay awaits
   content nobody wants: a lone dot ends that (RFC 2920 3.1). */
static void
send_nothing (EstTransaction *transaction)
{
  EstRelay *relay = transaction->relay;
  transaction->go_ahead = FALSE;
  if (est_talk_say (relay, relay->limits.block_seconds, ".\r\n", NULL))
    est_talk_skip (relay, relay->limits.final_seconds);
}

void
est_transaction_send_envelope (EstTransaction *transaction)
{
  guint total = transaction->n_recipients + 2;
  guint flight = transaction->relay->capabilities->pipelining ? LONGEST_FLIGHT : 1;
  for (guint first = 0; first < total && goes_on (transaction, first); first += flight)
    {
      guint end = MIN (first + flight, total);
      if (!write_flight (transaction, first, end)
          || !read_flight (transaction, first, end))
        break;
    }
  if (transaction->go_ahead && transaction->n_taken == 0)
    send_nothing (transaction);
}
