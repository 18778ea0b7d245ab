/* The content, and the moment from which on it may have arrived. */
#include "mail/dots.h"
#include "relay/exchange.h"

#define BLOCK 65536 /* octets that may take one time limit to leave */

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

/* What has come so far says that the rest may leave. */
static gboolean
may_go_on (EstExchange *exchange)
{
  if (exchange->chunks)
    return est_exchange_drain (exchange) && !exchange->out_of_step;
  if (!est_wire_is_readable (exchange->relay->wire))
    return TRUE;
  take_early_word (exchange);
  return FALSE;
}

/* A relay that hangs up, or reads no more, may have said why before. */
static gboolean
has_said_why (EstExchange *exchange)
{
  if (exchange->chunks)
    return !est_exchange_drain (exchange) || exchange->refusal != NULL;
  g_autoptr (EstReply) reply = est_talk_last_word (exchange->relay);
  if (reply != NULL)
    take_word (exchange, reply);
  return reply != NULL;
}

/* Takes @error over. */
static void
lose_connection (EstExchange *exchange, GError *error)
{
  if (error->domain == EST_RELAY_ERROR && has_said_why (exchange))
    {
      exchange->relay->in_step = FALSE;
      g_error_free (error);
      return;
    }
  exchange->broken = est_exchange_breaks_flight (exchange, error);
  est_exchange_abandon (exchange, error);
}

static gboolean
send_block (EstExchange *exchange, const char *data, gsize length)
{
  EstRelay *relay = exchange->relay;
  GError *cause = NULL, *error = NULL;
  if (!may_go_on (exchange))
    return FALSE;
  est_wire_set_deadline (relay->wire, (gint64) relay->limits.block_seconds * 1000);
  if (est_wire_write (relay->wire, data, length, &cause)
      && est_wire_flush (relay->wire, &cause))
    return TRUE;
  est_talk_fail (cause, &error);
  lose_connection (exchange, error);
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

static gboolean
stuff (EstStuffer *stuffer, GBytes *piece, GByteArray *stuffed)
{
  gsize length;
  const char *data = g_bytes_get_data (piece, &length);
  return length > 0 ? est_stuff (stuffer, data, length, stuffed)
                    : est_stuff_finish (stuffer, stuffed);
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
      if (!stuff (&stuffer, piece, stuffed))
        {
          est_exchange_abandon_damaged (exchange,
                                        "the content holds a CR or LF on its own");
          return FALSE;
        }
      if (!send_stuffed (exchange, stuffed))
        return FALSE;
      if (g_bytes_get_size (piece) == 0)
        return TRUE;
    }
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

/* Where nobody gets the message now nothing can arrive, and no mark is needed: the octets
   only keep both sides in step. */
static gboolean
mark (EstExchange *exchange, GError **error)
{
  const EstHandoverSource *source = exchange->source;
  return est_exchange_is_in_vain (exchange) || source->before_last (source->data, error);
}

void
est_exchange_send_last (EstExchange *exchange, const char *octets, gsize length)
{
  GError *error = NULL;
  if (!may_go_on (exchange))
    return;
  if (!mark (exchange, &error))
    {
      est_exchange_abandon (exchange, error);
      return;
    }
  if (!may_go_on (exchange))
    return;
  /* The message is the relay's now, perhaps: no other connection is tried. */
  exchange->relay->kept = exchange->relay->stood_by = FALSE;
  if (!say_last (exchange->relay, octets, length, &error))
    {
      lose_connection (exchange, error);
      return;
    }
  exchange->last_out = TRUE;
  exchange->chunk_open = FALSE;
  while (exchange->n_answered < exchange->n_written
         && est_exchange_read_answer (exchange))
    ;
}

/* The final dot counts as a command: it is answered like one. */
void
est_exchange_send_content (EstExchange *exchange)
{
  if (!send_pieces (exchange))
    return;
  exchange->n_written++;
  est_exchange_send_last (exchange, ".\r\n", 3);
}
