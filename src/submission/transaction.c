/* MAIL and RCPT. */
#include "submission/transaction.h"

#include "account/acquaintance.h"
#include "base/clock.h"
#include "mail/address.h"
#include "mail/mail-error.h"
#include "submission/answer.h"

#include <string.h>

struct EstTransaction
{
  EstIntake *intake;
  EstSettings *settings; /* one snapshot from MAIL to the end */
  EstExtensions offered;
  char *token;       /* who signed in, or NULL */
  EstPermit *permit; /* of its message, or NULL */
  char *sender;      /* NULL: no MAIL yet */
  EstMailOptions options;
  GPtrArray *recipients;
  GPtrArray *recipient_options; /* char *, parallel */
};

EstTransaction *
est_transaction_new (EstIntake *intake)
{
  EstTransaction *transaction = g_new0 (EstTransaction, 1);
  transaction->intake = intake;
  transaction->recipients = g_ptr_array_new_with_free_func (g_free);
  transaction->recipient_options = g_ptr_array_new_with_free_func (g_free);
  return transaction;
}

void
est_transaction_free (EstTransaction *transaction)
{
  if (transaction == NULL)
    return;
  est_transaction_reset (transaction);
  g_free (transaction->token);
  g_ptr_array_unref (transaction->recipients);
  g_ptr_array_unref (transaction->recipient_options);
  g_free (transaction);
}

void
est_transaction_sign_in (EstTransaction *transaction, const char *token)
{
  g_free (transaction->token);
  transaction->token = g_strdup (token);
}

void
est_transaction_reset (EstTransaction *transaction)
{
  g_clear_pointer (&transaction->permit, est_permit_unref);
  g_clear_pointer (&transaction->settings, est_settings_unref);
  g_clear_pointer (&transaction->sender, g_free);
  est_mail_options_clear (&transaction->options);
  g_ptr_array_set_size (transaction->recipients, 0);
  g_ptr_array_set_size (transaction->recipient_options, 0);
}

EstBody
est_transaction_body (const EstTransaction *transaction)
{
  return transaction->options.body;
}

gboolean
est_transaction_has_sender (const EstTransaction *transaction)
{
  return transaction->sender != NULL;
}

gboolean
est_transaction_has_recipients (const EstTransaction *transaction)
{
  return transaction->recipients->len > 0;
}

static GPtrArray *
terminate (GPtrArray *texts)
{
  GPtrArray *list = g_ptr_array_new ();
  for (guint i = 0; i < texts->len; i++)
    g_ptr_array_add (list, texts->pdata[i]);
  g_ptr_array_add (list, NULL);
  return list;
}

static EstEnvelope *
make_envelope (const EstTransaction *transaction)
{
  const EstMailOptions *options = &transaction->options;
  g_autoptr (GPtrArray) recipients = terminate (transaction->recipients);
  g_autoptr (GPtrArray) each = terminate (transaction->recipient_options);
  g_autofree char *text = est_mail_options_format (options, EST_EXTENSIONS_ALL, 0);
  return est_envelope_new_with_options (
    transaction->sender, (const char *const *) recipients->pdata, options->body, text,
    (const char *const *) each->pdata);
}

EstIncoming *
est_transaction_begin (const EstTransaction *transaction, const EstOrigin *origin)
{
  EstTerms terms = {.not_before = transaction->options.not_before,
                    .priority = transaction->options.priority,
                    .program = origin->program,
                    .sandboxed = origin->sandboxed,
                    .permit = transaction->permit};
  g_autoptr (EstEnvelope) envelope = make_envelope (transaction);
  EstIncoming *incoming = est_incoming_new (transaction->intake, envelope);
  est_incoming_set_terms (incoming, &terms);
  return incoming;
}

/* "FROM:" or "TO:", blanks around the colon's right side tolerated as everybody does. */
static gboolean
skip_keyword (const char **cursor, const char *keyword)
{
  gsize length = strlen (keyword);
  if (g_ascii_strncasecmp (*cursor, keyword, length) != 0)
    return FALSE;
  *cursor += length;
  return TRUE;
}

/* RFC 5321 4.1.1.11: what nobody offered is 555, what is malformed 501. */
static EstReply *
refuse_options (const GError *error)
{
  gboolean unsupported
    = g_error_matches (error, EST_MAIL_ERROR, EST_MAIL_ERROR_UNSUPPORTED);
  return est_answer (unsupported ? 555 : 501, "5.5.4", error->message);
}

/* 5.7.30 of RFC 8689: at once where it is known that it cannot leave so; else its attempt
   decides. The null sender's account is chosen later. */
static EstReply *
refuse_tls (const EstTransaction *transaction, const char *sender)
{
  const EstAccount *account = transaction->options.tls && *sender != '\0'
                                ? est_intake_route (transaction->settings, sender, NULL)
                                : NULL;
  if (account == NULL || !est_acquaintance_lacks (account, EST_EXTENSION_REQUIRETLS))
    return NULL;
  return est_answer (550, "5.7.30",
                     "your provider does not promise encryption on the way (no "
                     "REQUIRETLS), which this message demands");
}

/* Whether whoever signed in may write as @sender, and take a place for the message. */
static gboolean
is_permitted (EstTransaction *transaction, const char *sender, GError **error)
{
  if (transaction->token == NULL)
    return TRUE;
  transaction->permit = est_permit_new (transaction->intake, transaction->token, error);
  return transaction->permit != NULL
         && est_permit_judge_sender (transaction->permit, sender, error);
}

/* By which account the null sender's mail leaves is known when its header is there. */
static gboolean
may_send_by (EstTransaction *transaction, const char *sender, GError **error)
{
  if (transaction->permit == NULL || *sender == '\0')
    return TRUE;
  EstAccount *account = est_intake_route (transaction->settings, sender, error);
  return account != NULL
         && est_permit_judge_account (transaction->permit, account->name, error);
}

/* RFC 1870 6.1: what the client announces is refused before it is sent. */
static EstReply *
refuse_sender (EstTransaction *transaction, const char *sender)
{
  g_autoptr (GError) error = NULL;
  if (transaction->options.size > transaction->settings->submission.size)
    return est_answer (552, "5.3.4", "the message is larger than Estafeta takes");
  if (!is_permitted (transaction, sender, &error)
      || !est_intake_accepts (transaction->intake, sender, &error)
      || !may_send_by (transaction, sender, &error))
    return est_answer_error (error);
  return refuse_tls (transaction, sender);
}

static EstReply *
take_sender (EstTransaction *transaction, char *sender, const char *parameters)
{
  g_autoptr (GError) error = NULL;
  transaction->settings = est_intake_settings (transaction->intake);
  EstReply *refusal = NULL;
  if (est_mail_options_parse (&transaction->options, parameters, transaction->offered,
                              est_clock_now (), &error))
    refusal = refuse_sender (transaction, sender);
  else
    refusal = refuse_options (error);
  if (refusal != NULL)
    {
      est_transaction_reset (transaction);
      return refusal;
    }
  transaction->sender = g_strdup (sender);
  return est_answer (250, "2.1.0", "sender taken");
}

EstReply *
est_transaction_mail (EstTransaction *transaction,
                      const char *argument,
                      EstExtensions offered)
{
  const char *cursor = argument;
  if (!skip_keyword (&cursor, "FROM:"))
    return est_answer (501, "5.5.4", "say MAIL FROM:<address>");
  g_autofree char *sender = est_address_parse_path (&cursor, NULL);
  if (sender == NULL)
    return est_answer (501, "5.1.7", "the sender's address cannot be read");
  transaction->offered = offered;
  return take_sender (transaction, sender, cursor);
}

static EstReply *
refuse_recipient (const EstTransaction *transaction, const char *recipient)
{
  if (transaction->recipients->len >= transaction->settings->submission.recipients)
    return est_answer (452, "4.5.3", "too many recipients for one message");
  return NULL;
}

EstReply *
est_transaction_rcpt (EstTransaction *transaction, const char *argument)
{
  const char *cursor = argument;
  g_autoptr (GError) error = NULL;
  g_auto (EstRcptOptions) options = {0};
  if (!skip_keyword (&cursor, "TO:"))
    return est_answer (501, "5.5.4", "say RCPT TO:<address>");
  g_autofree char *recipient = est_address_parse_path (&cursor, NULL);
  if (recipient == NULL || *recipient == '\0')
    return est_answer (501, "5.1.3", "the recipient's address cannot be read");
  if (!est_rcpt_options_parse (&options, cursor, transaction->offered, &error))
    return refuse_options (error);
  EstReply *refusal = refuse_recipient (transaction, recipient);
  if (refusal != NULL)
    return refusal;
  g_ptr_array_add (transaction->recipients, g_steal_pointer (&recipient));
  g_ptr_array_add (transaction->recipient_options,
                   est_rcpt_options_format (&options, EST_EXTENSIONS_ALL));
  return est_answer (250, "2.1.5", "recipient taken");
}
