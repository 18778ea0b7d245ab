/* The content before it leaves: read ahead where it goes with the envelope, and looked at
   where no dots are doubled. */
#include "relay/exchange.h"

#define FLIGHT_LIMIT (256 * 1024) /* octets of content that go with the envelope */

void
est_exchange_abandon (EstExchange *exchange, GError *error)
{
  if (exchange->n_written > 0)
    exchange->relay->in_step = FALSE;
  est_exchange_note_error (exchange, error);
}

void
est_exchange_abandon_damaged (EstExchange *exchange, const char *what)
{
  g_autoptr (EstReply) reply = est_reply_new (554, "5.6.0", what);
  est_outcome_settle_rest (exchange->outcome, EST_RECIPIENT_FAILED, reply);
  est_exchange_note (exchange, EST_REASON_DAMAGED, what, reply);
  if (exchange->n_written > 0)
    exchange->relay->in_step = FALSE;
}

GBytes *
est_exchange_read_piece (EstExchange *exchange)
{
  GError *error = NULL;
  GBytes *piece = exchange->source->read (exchange->source->data, &error);
  if (piece != NULL)
    return piece;
  if (!g_error_matches (error, EST_RELAY_ERROR, EST_REASON_DAMAGED))
    {
      est_exchange_abandon (exchange, error);
      return NULL;
    }
  est_exchange_abandon_damaged (exchange, error->message);
  g_error_free (error);
  return NULL;
}

/* What would read as another line end, and so perhaps as another message, on a lenient
   server behind the relay. */
static gboolean
is_in_lines (EstExchange *exchange, GBytes *piece)
{
  gsize length;
  const char *data = g_bytes_get_data (piece, &length);
  if (exchange->body == EST_BODY_BINARYMIME
      || (length > 0 ? est_lines_check (&exchange->lines, data, length)
                     : est_lines_finish (&exchange->lines)))
    return TRUE;
  est_exchange_abandon_damaged (exchange,
                                "the content holds a CR or LF on its own, or a NUL");
  return FALSE;
}

static GBytes *
read_checked (EstExchange *exchange)
{
  g_autoptr (GBytes) piece = est_exchange_read_piece (exchange);
  return piece != NULL && is_in_lines (exchange, piece) ? g_steal_pointer (&piece) : NULL;
}

GBytes *
est_exchange_next_chunk (EstExchange *exchange)
{
  if (exchange->ahead != NULL && exchange->ahead->len > 0)
    return g_byte_array_free_to_bytes (g_steal_pointer (&exchange->ahead));
  if (exchange->all_ahead)
    return g_bytes_new_static ("", 0);
  return read_checked (exchange);
}

/* A relay that has broken a flight before shows first that it bears the envelope, and a
   connection that stood by that it is still there: else what never came anywhere would be
   in doubt. To hold back the last octet alone would not do: there are relays that answer
   nothing while more is to come. */
static gboolean
can_bear_flight (const EstExchange *exchange)
{
  return exchange->manners == EST_MANNERS_FLIGHTS && !exchange->relay->stood_by;
}

gboolean
est_exchange_load (EstExchange *exchange)
{
  if (!exchange->chunks || exchange->longest == 1
      || exchange->source->size > FLIGHT_LIMIT)
    return TRUE;
  exchange->ahead = g_byte_array_new ();
  while (!exchange->all_ahead && exchange->ahead->len <= FLIGHT_LIMIT)
    {
      g_autoptr (GBytes) piece = read_checked (exchange);
      if (piece == NULL)
        return FALSE;
      gsize length;
      const guint8 *data = g_bytes_get_data (piece, &length);
      exchange->all_ahead = length == 0;
      if (length > 0)
        g_byte_array_append (exchange->ahead, data, (guint) length);
    }
  exchange->flies = exchange->all_ahead && exchange->ahead->len <= FLIGHT_LIMIT
                    && can_bear_flight (exchange);
  return TRUE;
}
