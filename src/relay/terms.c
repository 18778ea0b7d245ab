/* What the client asked for, against what this relay knows. What can be left out without
   harm is left out; the rest is refused here, in words, before anything is sent. */
#include "base/clock.h"
#include "mail/address.h"
#include "relay/exchange.h"

static gboolean
offers (const EstExchange *exchange, EstExtensions extension)
{
  return (exchange->relay->capabilities->parameters & extension) != 0;
}

/* Until content can be converted, a relay that takes 7 bits only cannot have it. */
static gboolean
is_too_wide (const EstExchange *exchange)
{
  return exchange->body == EST_BODY_8BITMIME
         && !exchange->relay->capabilities->eight_bit_mime;
}

static gboolean
needs_utf8 (const EstExchange *exchange)
{
  const EstEnvelope *envelope = exchange->envelope;
  if (exchange->options.utf8 || !est_address_is_ascii (envelope->sender))
    return TRUE;
  for (guint i = 0; i < exchange->n_recipients; i++)
    if (!est_address_is_ascii (envelope->recipients[i]))
      return TRUE;
  return FALSE;
}

/* In its header or by its sender, that is as a whole; an address among the recipients
   concerns that one only. */
static gboolean
is_beyond_ascii (const EstExchange *exchange)
{
  return (exchange->options.utf8 || !est_address_is_ascii (exchange->envelope->sender))
         && !offers (exchange, EST_EXTENSION_SMTPUTF8);
}

/* RFC 8689 4.2.1: neither over plain text nor to a server that does not promise it. */
static gboolean
is_unprotected (const EstExchange *exchange)
{
  return exchange->options.tls
         && (!est_wire_is_secure (exchange->relay->wire)
             || !offers (exchange, EST_EXTENSION_REQUIRETLS));
}

/* RFC 2852 4.1: mail that is to be returned when it is late. With less than a second left
   nothing can be said to the relay that it may take. */
static gboolean
is_late (const EstExchange *exchange)
{
  const EstMailOptions *options = &exchange->options;
  return options->by_returns
         && options->deliver_by - est_clock_now () < (gint64) G_USEC_PER_SEC;
}

static void
fail_as_late (EstExchange *exchange)
{
  g_autoptr (EstReply) reply = est_refusal_late ();
  est_outcome_settle_rest (exchange->outcome, EST_RECIPIENT_FAILED, reply);
  est_exchange_note (exchange, EST_REASON_LATE, NULL, reply);
}

static gboolean
cannot_be_in_time (const EstExchange *exchange)
{
  const EstMailOptions *options = &exchange->options;
  gint64 least = exchange->relay->capabilities->deliver_by_least * G_USEC_PER_SEC;
  return options->by_returns
         && (!offers (exchange, EST_EXTENSION_DELIVERBY)
             || options->deliver_by - est_clock_now () < least);
}

static const struct
{
  gboolean (*applies) (const EstExchange *exchange);
  const char *status;
  const char *text;
} refusals[] = {
  {is_too_wide,       "5.6.3",  "the relay does not take 8-bit content (no 8BITMIME)"     },
  {is_beyond_ascii,   "5.6.7",  "the relay does not take international mail (no SMTPUTF8)"},
  {is_unprotected,    "5.7.30",
   "the relay does not promise encryption on the way "
   "(no REQUIRETLS), which this message demands"                                          },
  {cannot_be_in_time, "5.3.3",
   "the relay does not promise delivery in time (no DELIVERBY)"                           },
};

/* Its address cannot be said here; the others can have the message. */
static void
refuse_international (EstExchange *exchange, guint recipient)
{
  g_autoptr (EstReply) reply
    = est_reply_new (553, "5.6.7", "the relay does not take this address (no SMTPUTF8)");
  est_outcome_set_verdict (exchange->outcome, recipient, EST_RECIPIENT_FAILED, reply);
  est_exchange_note (exchange, EST_REASON_RECIPIENT_REFUSED, NULL, reply);
}

static void
choose_recipients (EstExchange *exchange)
{
  gboolean all = offers (exchange, EST_EXTENSION_SMTPUTF8);
  exchange->asked = g_new (guint, exchange->n_recipients);
  for (guint i = 0; i < exchange->n_recipients; i++)
    if (all || est_address_is_ascii (exchange->envelope->recipients[i]))
      exchange->asked[exchange->n_asked++] = i;
    else
      refuse_international (exchange, i);
}

/* BINARYMIME without CHUNKING would be an offer that nobody can take up (RFC 3030 3). */
static gboolean
takes_binary (const EstExchange *exchange)
{
  const EstCapabilities *offered = exchange->relay->capabilities;
  return offered->binary_mime && offered->chunking;
}

gboolean
est_exchange_accepts_terms (EstExchange *exchange)
{
  est_mail_options_parse (&exchange->options, exchange->envelope->options,
                          EST_EXTENSIONS_ALL, 0, NULL);
  if (is_late (exchange))
    {
      fail_as_late (exchange);
      return FALSE;
    }
  if (exchange->body == EST_BODY_BINARYMIME && !takes_binary (exchange)
      && !est_exchange_fit_content (exchange))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (refusals[i].applies (exchange))
      {
        est_exchange_refuse (exchange, refusals[i].status, refusals[i].text);
        return FALSE;
      }
  exchange->extensions = exchange->relay->capabilities->parameters;
  exchange->options.utf8 = needs_utf8 (exchange);
  choose_recipients (exchange);
  return exchange->n_asked > 0;
}
