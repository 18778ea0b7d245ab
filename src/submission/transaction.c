/* MAIL and RCPT. */
#include "submission/transaction.h"

#include "mail/address.h"
#include "mail/command.h"
#include "mail/mail-error.h"
#include "submission/answer.h"

#include <string.h>

struct EstTransaction
{
  EstIntake *intake;
  EstSettings *settings; /* one snapshot from MAIL to the end */
  char *sender;          /* NULL: no MAIL yet */
  GPtrArray *recipients;
  EstBody body;
};

EstTransaction *
est_transaction_new (EstIntake *intake)
{
  EstTransaction *transaction = g_new0 (EstTransaction, 1);
  transaction->intake = intake;
  transaction->recipients = g_ptr_array_new_with_free_func (g_free);
  return transaction;
}

void
est_transaction_free (EstTransaction *transaction)
{
  if (transaction == NULL)
    return;
  est_transaction_reset (transaction);
  g_ptr_array_unref (transaction->recipients);
  g_free (transaction);
}

void
est_transaction_reset (EstTransaction *transaction)
{
  g_clear_pointer (&transaction->settings, est_settings_unref);
  g_clear_pointer (&transaction->sender, g_free);
  g_ptr_array_set_size (transaction->recipients, 0);
  transaction->body = EST_BODY_7BIT;
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

EstEnvelope *
est_transaction_envelope (const EstTransaction *transaction)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  for (guint i = 0; i < transaction->recipients->len; i++)
    g_ptr_array_add (list, transaction->recipients->pdata[i]);
  g_ptr_array_add (list, NULL);
  return est_envelope_new (transaction->sender, (const char *const *) list->pdata,
                           transaction->body);
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

/* RFC 1870 6.1: what the client announces is refused before it is sent. */
static EstReply *
take_size (EstTransaction *transaction, const char *value)
{
  guint64 size;
  if (value == NULL
      || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &size, NULL))
    return est_answer (501, "5.5.4", "SIZE is a number of octets");
  if (size > transaction->settings->submission.size)
    return est_answer (552, "5.3.4", "the message is larger than Estafeta takes");
  return NULL;
}

static EstReply *
take_body (EstTransaction *transaction, const char *value)
{
  if (value != NULL && g_ascii_strcasecmp (value, "7BIT") == 0)
    transaction->body = EST_BODY_7BIT;
  else if (value != NULL && g_ascii_strcasecmp (value, "8BITMIME") == 0)
    transaction->body = EST_BODY_8BITMIME;
  else
    return est_answer (501, "5.5.4", "BODY is 7BIT or 8BITMIME");
  return NULL;
}

typedef struct
{
  const char *key;
  EstReply *(*take) (EstTransaction *transaction, const char *value);
} Keyword;

static const Keyword mail_keywords[] = {
  {"SIZE", take_size},
  {"BODY", take_body},
};

static EstReply *
take_parameter (EstTransaction *transaction,
                const EstParameter *parameter,
                const Keyword *keywords,
                gsize n_keywords,
                guint *seen)
{
  for (gsize i = 0; i < n_keywords; i++)
    {
      if (strcmp (parameter->key, keywords[i].key) != 0)
        continue;
      if (*seen & (1U << i))
        return est_answer (501, "5.5.4", "a parameter is given twice");
      *seen |= 1U << i;
      return keywords[i].take (transaction, parameter->value);
    }
  return est_answer (555, "5.5.4", "a parameter is not supported");
}

/* NULL: all of them were taken. */
static EstReply *
take_parameters (EstTransaction *transaction,
                 const char *cursor,
                 const Keyword *keywords,
                 gsize n_keywords)
{
  guint seen = 0;
  for (;;)
    {
      EstParameter parameter = {0};
      if (!est_parameter_next (&cursor, &parameter, NULL))
        return est_answer (501, "5.5.4", "the parameters cannot be read");
      if (parameter.key == NULL)
        return NULL;
      EstReply *refusal
        = take_parameter (transaction, &parameter, keywords, n_keywords, &seen);
      est_parameter_clear (&parameter);
      if (refusal != NULL)
        return refusal;
    }
}

EstReply *
est_transaction_mail (EstTransaction *transaction, const char *argument)
{
  g_autoptr (GError) error = NULL;
  const char *cursor = argument;
  if (!skip_keyword (&cursor, "FROM:"))
    return est_answer (501, "5.5.4", "say MAIL FROM:<address>");
  g_autofree char *sender = est_address_parse_path (&cursor, &error);
  if (sender == NULL)
    return est_answer (501, "5.1.7", "the sender's address cannot be read");

  transaction->settings = est_intake_settings (transaction->intake);
  EstReply *refusal
    = take_parameters (transaction, cursor, mail_keywords, G_N_ELEMENTS (mail_keywords));
  if (refusal == NULL && !est_intake_accepts (transaction->intake, sender, &error))
    refusal = est_answer_error (error);
  if (refusal != NULL)
    {
      est_transaction_reset (transaction);
      return refusal;
    }
  transaction->sender = g_steal_pointer (&sender);
  return est_answer (250, "2.1.0", "sender taken");
}

EstReply *
est_transaction_rcpt (EstTransaction *transaction, const char *argument)
{
  const char *cursor = argument;
  if (!skip_keyword (&cursor, "TO:"))
    return est_answer (501, "5.5.4", "say RCPT TO:<address>");
  g_autofree char *recipient = est_address_parse_path (&cursor, NULL);
  if (recipient == NULL || *recipient == '\0')
    return est_answer (501, "5.1.3", "the recipient's address cannot be read");
  EstReply *refusal = take_parameters (transaction, cursor, NULL, 0);
  if (refusal != NULL)
    return refusal;
  if (transaction->recipients->len >= transaction->settings->submission.recipients)
    return est_answer (452, "4.5.3", "too many recipients for one message");

  g_ptr_array_add (transaction->recipients, g_steal_pointer (&recipient));
  return est_answer (250, "2.1.5", "recipient taken");
}
