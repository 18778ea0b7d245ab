/* The content in chunks (BDAT, RFC 3030 2): piece by piece as it is read. With PIPELINING
   some of them may wait for their answers; after one that is refused no other leaves. */
#include "relay/exchange.h"

#include <string.h>

#define LONGEST_QUEUE 4 /* chunks of 256 KiB that may be on their way */

static gboolean
announce (EstExchange *exchange, gsize length, const char *last)
{
  g_autofree char *line
    = g_strdup_printf ("BDAT %" G_GSIZE_FORMAT "%s\r\n", length, last);
  GError *cause = NULL, *error = NULL;
  exchange->n_written++;
  exchange->chunk_open = TRUE;
  if (est_wire_write (exchange->relay->wire, line, strlen (line), &cause))
    return TRUE;
  est_talk_fail (cause, &error);
  est_exchange_abandon (exchange, error);
  return FALSE;
}

/* FALSE: the exchange is over. A chunk that is refused is a word about the message. */
static gboolean
await_answers (EstExchange *exchange, guint unanswered)
{
  gboolean more = TRUE;
  while (more && exchange->n_written - exchange->n_answered > unanswered)
    more = est_exchange_read_answer (exchange);
  return more && est_exchange_drain (exchange) && !exchange->out_of_step;
}

static gboolean
send_chunk (EstExchange *exchange, GBytes *piece)
{
  gsize length;
  const char *data = g_bytes_get_data (piece, &length);
  guint queue = exchange->longest > 1 ? LONGEST_QUEUE - 1 : 0;
  if (!announce (exchange, length, "")
      || !est_exchange_send_octets (exchange, data, length))
    return FALSE;
  exchange->chunk_open = FALSE;
  if (!await_answers (exchange, queue))
    return FALSE;
  if (exchange->refusal == NULL)
    return TRUE;
  await_answers (exchange, 0);
  return FALSE;
}

/* Of no octets at all the end of the command itself is the last that leaves. */
static void
send_last_chunk (EstExchange *exchange, GBytes *piece)
{
  static const char nothing[] = "BDAT 0 LAST\r\n";
  gsize length;
  const char *data = g_bytes_get_data (piece, &length);
  exchange->last_chunk = exchange->n_written;
  if (length == 0)
    {
      exchange->n_written++;
      exchange->chunk_open = TRUE;
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
  g_autoptr (GBytes) piece = est_exchange_next_chunk (exchange);
  while (piece != NULL)
    {
      gboolean empty = g_bytes_get_size (piece) == 0;
      g_autoptr (GBytes) next = empty ? NULL : est_exchange_next_chunk (exchange);
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
