/* The content, and the moment from which on it may have arrived. */
#include "mail/dots.h"
#include "relay/transaction.h"

#define BLOCK 65536 /* octets that may take one time limit to leave */

/* Dropped in the middle of the content: the relay must never see an end of it. */
static void
abandon (EstTransaction *transaction, GError *error)
{
  transaction->relay->in_step = FALSE;
  est_transaction_note_error (transaction, error);
}

static void
abandon_damaged (EstTransaction *transaction, GError *error)
{
  g_autoptr (EstReply) reply = est_reply_new (554, "5.6.0", error->message);
  est_outcome_settle_rest (transaction->outcome, EST_RECIPIENT_FAILED, reply);
  est_transaction_note (transaction, EST_REASON_DAMAGED, error->message, reply);
  transaction->relay->in_step = FALSE;
  g_error_free (error);
}

/* A relay that speaks in the middle of the content has decided something (too large,
   going down); what is decided so is worth more than "connection lost". */
static void
take_early_word (EstTransaction *transaction)
{
  EstRelay *relay = transaction->relay;
  GError *error = NULL;
  g_autoptr (EstReply) reply
    = est_talk_read (relay, relay->limits.command_seconds, &error);
  relay->in_step = FALSE;
  if (reply == NULL)
    est_transaction_note_error (transaction, error);
  else if (est_refusal_judge (EST_STAGE_FINAL, reply) != EST_REASON_NONE)
    est_transaction_settle (transaction, EST_STAGE_FINAL, reply);
  else
    est_transaction_note (transaction, EST_REASON_PROTOCOL,
                          "an answer before the end of the content", NULL);
}

static gboolean
send_block (EstTransaction *transaction, const char *data, gsize length)
{
  EstRelay *relay = transaction->relay;
  GError *cause = NULL, *error = NULL;
  if (est_wire_is_readable (relay->wire))
    {
      take_early_word (transaction);
      return FALSE;
    }
  est_wire_set_deadline (relay->wire, (gint64) relay->limits.block_seconds * 1000);
  if (est_wire_write (relay->wire, data, length, &cause)
      && est_wire_flush (relay->wire, &cause))
    return TRUE;
  est_talk_fail (cause, &error);
  abandon (transaction, error);
  return FALSE;
}

static gboolean
send_stuffed (EstTransaction *transaction, GByteArray *stuffed)
{
  gboolean sent = TRUE;
  for (gsize at = 0; sent && at < stuffed->len; at += BLOCK)
    sent = send_block (transaction, (const char *) stuffed->data + at,
                       MIN (BLOCK, stuffed->len - at));
  g_byte_array_set_size (stuffed, 0);
  return sent;
}

/* What would read as another line end, and so perhaps as another message, on a lenient
   server behind the relay. */
static gboolean
is_stuffed (EstTransaction *transaction, gboolean stuffed)
{
  if (!stuffed)
    abandon_damaged (transaction,
                     g_error_new_literal (EST_RELAY_ERROR, EST_REASON_DAMAGED,
                                          "the content holds a CR or LF on its own"));
  return stuffed;
}

static GBytes *
read_piece (EstTransaction *transaction)
{
  GError *error = NULL;
  GBytes *piece = transaction->source->read (transaction->source->data, &error);
  if (g_error_matches (error, EST_RELAY_ERROR, EST_REASON_DAMAGED))
    abandon_damaged (transaction, error);
  else if (piece == NULL)
    abandon (transaction, error);
  return piece;
}

static gboolean
send_pieces (EstTransaction *transaction)
{
  EstStuffer stuffer = {0};
  g_autoptr (GByteArray) stuffed = g_byte_array_new ();
  for (;;)
    {
      g_autoptr (GBytes) piece = read_piece (transaction);
      if (piece == NULL)
        return FALSE;
      gsize length;
      const char *data = g_bytes_get_data (piece, &length);
      gboolean fine = length > 0 ? est_stuff (&stuffer, data, length, stuffed)
                                 : est_stuff_finish (&stuffer, stuffed);
      if (!is_stuffed (transaction, fine) || !send_stuffed (transaction, stuffed))
        return FALSE;
      if (length == 0)
        return TRUE;
    }
}

/* From here on no answer means doubt. */
static void
await_verdict (EstTransaction *transaction)
{
  EstRelay *relay = transaction->relay;
  GError *error = NULL;
  g_autoptr (EstReply) reply = est_talk_read (relay, relay->limits.final_seconds, &error);
  if (reply == NULL)
    {
      est_outcome_settle_rest (transaction->outcome, EST_RECIPIENT_DOUBTFUL, NULL);
      est_transaction_note (transaction, EST_REASON_UNCERTAIN, error->message, NULL);
      g_error_free (error);
      return;
    }
  relay->needs_rset = FALSE;
  est_transaction_settle (transaction, EST_STAGE_FINAL, reply);
}

void
est_transaction_send_content (EstTransaction *transaction)
{
  EstRelay *relay = transaction->relay;
  const EstHandoverSource *source = transaction->source;
  GError *error = NULL;
  if (!send_pieces (transaction))
    return;
  if (source->before_last (source->data, &error)
      && est_talk_say (relay, relay->limits.block_seconds, ".\r\n", &error))
    await_verdict (transaction);
  else
    abandon (transaction, error);
}
