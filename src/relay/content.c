/* The content, and the moment from which on it may have arrived. */
#include "mail/dots.h"
#include "relay/exchange.h"

#define BLOCK 65536 /* octets that may take one time limit to leave */

/* Dropped in the middle of the content: the relay must never see an end of it. */
static void
abandon (EstExchange *exchange, GError *error)
{
  exchange->relay->in_step = FALSE;
  est_exchange_note_error (exchange, error);
}

static void
abandon_damaged (EstExchange *exchange, GError *error)
{
  g_autoptr (EstReply) reply = est_reply_new (554, "5.6.0", error->message);
  est_outcome_settle_rest (exchange->outcome, EST_RECIPIENT_FAILED, reply);
  est_exchange_note (exchange, EST_REASON_DAMAGED, error->message, reply);
  exchange->relay->in_step = FALSE;
  g_error_free (error);
}

static void
take_word (EstExchange *exchange, EstReply *reply)
{
  est_outcome_note_answer (exchange->outcome, EST_STAGE_FINAL, 0, reply);
  if (est_reply_class (reply) >= 4)
    est_exchange_settle (exchange, EST_STAGE_FINAL, reply);
  else
    est_exchange_note (exchange, EST_REASON_PROTOCOL,
                       "an answer before the end of the content", NULL);
}

/* A relay that speaks in the middle of the content has decided something (too large,
   going down); what is decided so is worth more than "connection lost". */
static void
take_early_word (EstExchange *exchange)
{
  EstRelay *relay = exchange->relay;
  GError *error = NULL;
  g_autoptr (EstReply) reply
    = est_talk_read (relay, relay->limits.command_seconds, &error);
  relay->in_step = FALSE;
  if (reply != NULL)
    take_word (exchange, reply);
  else
    est_exchange_note_error (exchange, error);
}

/* ... and if it hangs up right after, its word is still there. */
static void
take_last_word (EstExchange *exchange, GError *error)
{
  g_autoptr (EstReply) reply = est_talk_last_word (exchange->relay);
  if (reply == NULL)
    {
      abandon (exchange, error);
      return;
    }
  take_word (exchange, reply);
  g_error_free (error);
}

static gboolean
send_block (EstExchange *exchange, const char *data, gsize length)
{
  EstRelay *relay = exchange->relay;
  GError *cause = NULL, *error = NULL;
  if (est_wire_is_readable (relay->wire))
    {
      take_early_word (exchange);
      return FALSE;
    }
  est_wire_set_deadline (relay->wire, (gint64) relay->limits.block_seconds * 1000);
  if (est_wire_write (relay->wire, data, length, &cause)
      && est_wire_flush (relay->wire, &cause))
    return TRUE;
  est_talk_fail (cause, &error);
  take_last_word (exchange, error);
  return FALSE;
}

gboolean
est_exchange_send_octets (EstExchange *exchange, const char *data, gsize length)
{
  gboolean sent = TRUE;
  for (gsize at = 0; sent && at < length; at += BLOCK)
    sent = send_block (exchange, data + at, MIN (BLOCK, length - at));
  return sent;
}

static gboolean
send_stuffed (EstExchange *exchange, GByteArray *stuffed)
{
  gboolean sent
    = est_exchange_send_octets (exchange, (const char *) stuffed->data, stuffed->len);
  g_byte_array_set_size (stuffed, 0);
  return sent;
}

/* What would read as another line end, and so perhaps as another message, on a lenient
   server behind the relay. */
static gboolean
is_stuffed (EstExchange *exchange, gboolean stuffed)
{
  if (!stuffed)
    abandon_damaged (exchange,
                     g_error_new_literal (EST_RELAY_ERROR, EST_REASON_DAMAGED,
                                          "the content holds a CR or LF on its own"));
  return stuffed;
}

GBytes *
est_exchange_read_piece (EstExchange *exchange)
{
  GError *error = NULL;
  GBytes *piece = exchange->source->read (exchange->source->data, &error);
  if (g_error_matches (error, EST_RELAY_ERROR, EST_REASON_DAMAGED))
    abandon_damaged (exchange, error);
  else if (piece == NULL)
    abandon (exchange, error);
  return piece;
}

static gboolean
send_pieces (EstExchange *exchange)
{
  EstStuffer stuffer = {0};
  g_autoptr (GByteArray) stuffed = g_byte_array_new ();
  for (;;)
    {
      g_autoptr (GBytes) piece = est_exchange_read_piece (exchange);
      if (piece == NULL)
        return FALSE;
      gsize length;
      const char *data = g_bytes_get_data (piece, &length);
      gboolean fine = length > 0 ? est_stuff (&stuffer, data, length, stuffed)
                                 : est_stuff_finish (&stuffer, stuffed);
      if (!is_stuffed (exchange, fine) || !send_stuffed (exchange, stuffed))
        return FALSE;
      if (length == 0)
        return TRUE;
    }
}

/* From here on no answer means doubt. */
static void
await_verdict (EstExchange *exchange)
{
  EstRelay *relay = exchange->relay;
  GError *error = NULL;
  g_autoptr (EstReply) reply = est_talk_read (relay, relay->limits.final_seconds, &error);
  if (reply == NULL)
    {
      est_outcome_settle_rest (exchange->outcome, EST_RECIPIENT_DOUBTFUL, NULL);
      est_exchange_note (exchange, EST_REASON_UNCERTAIN, error->message, NULL);
      g_error_free (error);
      return;
    }
  est_outcome_note_answer (exchange->outcome, EST_STAGE_FINAL, 0, reply);
  relay->needs_rset = FALSE;
  if (exchange->body == EST_BODY_BINARYMIME)
    est_exchange_note_chunk (exchange, reply);
  est_exchange_settle (exchange, EST_STAGE_FINAL, reply);
}

static gboolean
say_last (EstRelay *relay, const char *octets, gsize length, GError **error)
{
  GError *cause = NULL;
  est_wire_set_deadline (relay->wire, (gint64) relay->limits.block_seconds * 1000);
  if (est_wire_write (relay->wire, octets, length, &cause)
      && est_wire_flush (relay->wire, &cause))
    return TRUE;
  return est_talk_fail (cause, error);
}

/* What comes before the last octet is no answer to it. */
void
est_exchange_send_last (EstExchange *exchange, const char *octets, gsize length)
{
  const EstHandoverSource *source = exchange->source;
  GError *error = NULL;
  if (!source->before_last (source->data, &error))
    abandon (exchange, error);
  else if (est_wire_is_readable (exchange->relay->wire))
    take_early_word (exchange);
  else if (say_last (exchange->relay, octets, length, &error))
    await_verdict (exchange);
  else
    take_last_word (exchange, error);
}

void
est_exchange_send_content (EstExchange *exchange)
{
  if (send_pieces (exchange))
    est_exchange_send_last (exchange, ".\r\n", 3);
}
