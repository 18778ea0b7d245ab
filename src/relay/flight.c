/* Many commands at once where the relay allows it (RFC 2920), and which of them may. */
#include "relay/exchange.h"

static void
give_up (EstExchange *exchange, GError *cause)
{
  GError *error = NULL;
  exchange->relay->in_step = FALSE;
  est_talk_fail (cause, &error);
  est_exchange_note_error (exchange, error);
}

/* What flies leaves together with the content that follows. */
static gboolean
write_flight (EstExchange *exchange, guint end, gboolean flush)
{
  EstRelay *relay = exchange->relay;
  GError *cause = NULL;
  gboolean written = est_talk_is_quiet (relay, &cause);
  relay->needs_rset = TRUE;
  if (!flush || end - exchange->n_written > 1)
    exchange->n_flown = flush ? end : end + 1;
  est_wire_set_deadline (relay->wire, (gint64) relay->limits.command_seconds * 1000);
  for (; written && exchange->n_written < end; exchange->n_written++)
    written = est_exchange_write_command (exchange, exchange->n_written, &cause);
  if (written && (!flush || est_wire_flush (relay->wire, &cause)))
    return TRUE;
  give_up (exchange, cause);
  return FALSE;
}

static gboolean
read_flight (EstExchange *exchange)
{
  gboolean more = TRUE;
  while (more && exchange->n_answered < exchange->n_written)
    more = est_exchange_read_answer (exchange);
  return more && !exchange->out_of_step;
}

/* Whether the rest of the envelope still makes sense. */
static gboolean
goes_on (EstExchange *exchange)
{
  if (exchange->n_written > 0 && !exchange->sender_taken)
    return FALSE;
  if (exchange->limit > 0 && exchange->n_written <= exchange->n_asked)
    est_exchange_stop_asking (exchange);
  return exchange->n_written <= exchange->n_asked || exchange->n_taken > 0;
}

/* Commands before the content, those of the last flight with it. */
static void
send_flights (EstExchange *exchange)
{
  gboolean more = TRUE;
  while (more && goes_on (exchange))
    {
      guint total = exchange->n_asked + (exchange->chunks ? 1 : 2);
      guint left = total - exchange->n_written;
      gboolean last = exchange->flies && left < exchange->longest;
      guint end = exchange->n_written + MIN (left, exchange->longest);
      more = write_flight (exchange, end, !last) && !last && read_flight (exchange)
             && exchange->n_written < total;
      if (last)
        return;
    }
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
  send_flights (exchange);
  if (exchange->go_ahead && exchange->n_taken == 0)
    send_nothing (exchange);
  if (exchange->sender_taken && est_exchange_is_in_vain (exchange))
    exchange->concluded = TRUE;
  if (!exchange->chunks || exchange->out_of_step || !exchange->relay->in_step)
    return;
  gboolean flies = exchange->n_flown > exchange->n_written;
  exchange->go_ahead = flies || exchange->n_taken > 0;
}

/* Where care is taken already, what breaks off in a chunk cannot be told from what does
   so because of chunks. */
gboolean
est_exchange_breaks_flight (const EstExchange *exchange, const GError *error)
{
  gboolean in_chunk = exchange->manners == EST_MANNERS_CAREFUL && exchange->chunks
                      && exchange->n_answered < exchange->n_written;
  return error->domain == EST_RELAY_ERROR
         && (exchange->n_answered < exchange->n_flown || in_chunk);
}
