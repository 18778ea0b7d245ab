/* What the client asked for, against what this relay knows. What can be left out without
   harm is left out; the rest is refused here, in words, before anything is sent. */
#include "base/clock.h"
#include "mail/address.h"
#include "mail/reach.h"
#include "relay/exchange.h"

static gboolean
offers (const EstExchange *exchange, EstExtensions extension)
{
  return (exchange->relay->capabilities->parameters & extension) != 0;
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
has_foreign_header (const EstExchange *exchange)
{
  return exchange->options.utf8 && !offers (exchange, EST_EXTENSION_SMTPUTF8);
}

static gboolean
has_foreign_sender (const EstExchange *exchange)
{
  return !est_address_is_ascii (exchange->envelope->sender)
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
  const char *figures;
  const char *detail;
} refusals[] = {
  {has_foreign_header, "utf8-header",
   "5.6.7 the relay does not take international mail (no SMTPUTF8)"  },
  {has_foreign_sender, "utf8-sender",
   "5.6.7 the relay does not take the sender's address (no SMTPUTF8)"},
  {is_unprotected,     "require-tls",
   "5.7.30 the relay does not promise encryption on the way "
   "(no REQUIRETLS), which this message demands"                     },
  {cannot_be_in_time,  "deliver-by",
   "5.3.3 the relay does not promise delivery in time (no DELIVERBY)"},
};

void
est_exchange_refuse (EstExchange *exchange,
                     EstReason reason,
                     const char *figures,
                     const char *detail)
{
  est_outcome_settle_rest (exchange->outcome, EST_RECIPIENT_FAILED, NULL);
  est_exchange_note (exchange, reason, detail, NULL);
  est_outcome_set_figures (exchange->outcome, figures);
}

/* Its address cannot be said here; the others can have the message. */
static void
refuse_international (EstExchange *exchange, guint recipient)
{
  est_outcome_set_verdict (exchange->outcome, recipient, EST_RECIPIENT_FAILED, NULL);
  est_exchange_note (exchange, EST_REASON_INCAPABLE,
                     "5.6.7 the relay does not take such an address (no SMTPUTF8)", NULL);
  est_outcome_set_figures (exchange->outcome, "utf8-recipient");
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
gboolean
est_exchange_takes_content (const EstExchange *exchange)
{
  const EstCapabilities *offered = exchange->relay->capabilities;
  switch (exchange->body)
    {
    case EST_BODY_BINARYMIME:
      return offered->binary_mime && offered->chunking;
    case EST_BODY_8BITMIME:
      return offered->eight_bit_mime;
    default:
      return TRUE;
    }
}

static gboolean
is_refused (EstExchange *exchange)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (refusals[i].applies (exchange))
      {
        est_exchange_refuse (exchange, EST_REASON_INCAPABLE, refusals[i].figures,
                             refusals[i].detail);
        return TRUE;
      }
  return FALSE;
}

static char *
tell_size (const EstExchange *exchange)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                          exchange->source->size,
                          exchange->relay->capabilities->size_limit);
}

/* RFC 1870 6.1: as it goes, its line ends counted and dots not doubled. */
static gboolean
is_too_large (EstExchange *exchange)
{
  guint64 limit = exchange->relay->capabilities->size_limit;
  if (limit == 0 || exchange->source->size <= limit)
    return FALSE;
  g_autofree char *figures = tell_size (exchange);
  est_exchange_refuse (exchange, EST_REASON_TOO_LARGE, figures,
                       "5.3.4 larger than the relay takes (SIZE)");
  return TRUE;
}

/* Ahead of its time it goes to nobody who does not keep it until then. */
static gboolean
can_be_kept (EstExchange *exchange)
{
  const EstCapabilities *offered = exchange->relay->capabilities;
  gint64 release = exchange->source->release, now = est_clock_now ();
  const EstReach reach
    = {.longest = offered->hold_longest * G_USEC_PER_SEC, .latest = offered->hold_latest};
  exchange->options.not_before = 0;
  if (release <= now)
    return TRUE;
  exchange->outcome->release = exchange->options.not_before = release;
  if (est_reach_covers (&reach, release, now))
    return TRUE;
  est_exchange_note (exchange, EST_REASON_DEFERRED,
                     "the relay does not keep mail for so long (FUTURERELEASE)", NULL);
  return FALSE;
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
  if (is_refused (exchange) || !can_be_kept (exchange)
      || (!est_exchange_takes_content (exchange) && !est_exchange_fit_content (exchange))
      || is_too_large (exchange))
    return FALSE;
  exchange->extensions = exchange->relay->capabilities->parameters;
  exchange->options.utf8 = needs_utf8 (exchange);
  choose_recipients (exchange);
  return exchange->n_asked > 0;
}

/* RFC 5321 4.1.1.11 and what servers make of it: not the message is wrong, but a
   parameter. */
static gboolean
is_about_parameters (const EstReply *reply)
{
  return reply->code == 501 || reply->code == 504 || reply->code == 555
         || (reply->code >= 500 && g_strcmp0 (reply->status, "5.5.4") == 0);
}

static EstReply *
find_mail_answer (const EstOutcome *outcome)
{
  for (guint i = 0; i < outcome->answers->len; i++)
    if (g_array_index (outcome->answers, EstAnswer, i).stage == EST_STAGE_MAIL)
      return g_array_index (outcome->answers, EstAnswer, i).reply;
  return NULL;
}

/* It offered to keep mail, and does not take it up: that is no word about the message,
   which goes without when its time has come. */
static void
forgive_release (EstExchange *exchange)
{
  EstOutcome *outcome = exchange->outcome;
  EstReply *answer = find_mail_answer (outcome);
  if (outcome->release == 0 || answer == NULL || !is_about_parameters (answer))
    return;
  g_autoptr (EstReply) reply = est_reply_ref (answer);
  for (guint i = 0; i < outcome->n_verdicts; i++)
    if (outcome->verdicts[i].state == EST_RECIPIENT_FAILED
        && outcome->verdicts[i].reply != NULL)
      est_outcome_set_verdict (outcome, i, EST_RECIPIENT_PENDING, reply);
  est_outcome_set_reason (outcome, EST_REASON_DEFERRED,
                          "the relay does not keep it until its time", reply);
}

void
est_exchange_interpret (EstExchange *exchange)
{
  EstOutcome *outcome = exchange->outcome;
  forgive_release (exchange);
  if (outcome->reason != EST_REASON_TOO_LARGE || outcome->figures != NULL)
    return;
  g_autofree char *figures = tell_size (exchange);
  est_outcome_set_figures (outcome, figures);
}
