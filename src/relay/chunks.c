/* The content in chunks (BDAT, RFC 3030 2): piece by piece as it is read, each answered
   before the next one leaves. */
#include "relay/exchange.h"

#include <string.h>

static gboolean
announce (EstExchange *exchange, gsize length, const char *last)
{
  g_autofree char *line
    = g_strdup_printf ("BDAT %" G_GSIZE_FORMAT "%s\r\n", length, last);
  return est_exchange_send_octets (exchange, line, strlen (line));
}

/* After a refused chunk the state of the relay is cleared by RSET only (RFC 3030 2). One
   that did not know the command has read content as commands: its answers to those would
   be taken for others. */
void
est_exchange_note_chunk (EstExchange *exchange, const EstReply *reply)
{
  EstRelay *relay = exchange->relay;
  if (est_refusal_judge (EST_STAGE_FINAL, reply) == EST_REASON_NONE)
    return;
  relay->needs_rset = TRUE;
  if (reply->code >= 500 && reply->code <= 504)
    relay->in_step = FALSE;
}

/* A chunk that is refused is a word about the message; no other may follow it. */
static gboolean
await_next (EstExchange *exchange)
{
  EstRelay *relay = exchange->relay;
  GError *error = NULL;
  g_autoptr (EstReply) reply = est_talk_read (relay, relay->limits.block_seconds, &error);
  if (reply == NULL)
    {
      est_exchange_note_error (exchange, error);
      return FALSE;
    }
  est_outcome_note_answer (exchange->outcome, EST_STAGE_CHUNK, 0, reply);
  if (est_refusal_judge (EST_STAGE_CHUNK, reply) == EST_REASON_NONE)
    return TRUE;
  est_exchange_note_chunk (exchange, reply);
  est_exchange_settle (exchange, EST_STAGE_FINAL, reply);
  return FALSE;
}

static gboolean
send_chunk (EstExchange *exchange, GBytes *piece)
{
  gsize length;
  const char *data = g_bytes_get_data (piece, &length);
  return announce (exchange, length, "")
         && est_exchange_send_octets (exchange, data, length) && await_next (exchange);
}

/* Of no octets at all the command itself is the last that leaves. */
static void
send_last_chunk (EstExchange *exchange, GBytes *piece)
{
  static const char nothing[] = "BDAT 0 LAST\r\n";
  gsize length;
  const char *data = g_bytes_get_data (piece, &length);
  if (length == 0)
    {
      est_exchange_send_last (exchange, nothing, sizeof nothing - 1);
      return;
    }
  if (announce (exchange, length, " LAST")
      && est_exchange_send_octets (exchange, data, length - 1))
    est_exchange_send_last (exchange, data + length - 1, 1);
}

/* Which piece is the last one is known only from what is read behind it. */
void
est_exchange_send_chunks (EstExchange *exchange)
{
  g_autoptr (GBytes) piece = est_exchange_read_piece (exchange);
  while (piece != NULL)
    {
      gboolean empty = g_bytes_get_size (piece) == 0;
      g_autoptr (GBytes) next = empty ? NULL : est_exchange_read_piece (exchange);
      if (empty || (next != NULL && g_bytes_get_size (next) == 0))
        {
          send_last_chunk (exchange, piece);
          return;
        }
      if (next == NULL || !send_chunk (exchange, piece))
        return;
      g_bytes_unref (piece);
      piece = g_steal_pointer (&next);
    }
}
