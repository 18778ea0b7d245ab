/* MAIL, RCPT and DATA, as they are written. */
#include "base/clock.h"
#include "relay/exchange.h"

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

gboolean
est_exchange_write_command (EstExchange *exchange, guint command, GError **error)
{
  switch (est_exchange_stage (exchange, command))
    {
    case EST_STAGE_MAIL:
      exchange->relay->n_transactions++;
      return write_mail (exchange, error);
    case EST_STAGE_RCPT:
      return write_rcpt (exchange, exchange->asked[command - 1], error);
    default:
      return est_wire_print (exchange->relay->wire, error, "DATA\r\n");
    }
}
