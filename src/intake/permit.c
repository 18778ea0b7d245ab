/* A token's limits, held against one message. */
#include "intake/permit.h"

#include "base/clock.h"
#include "mail/recipients.h"

struct EstPermit
{
  EstIntake *intake;
  EstToken *token;
  char *program; /* "token:git" */
  gboolean placed;
  gboolean used;
};

static gboolean
refuse (GError **error, EstIntakeError code, const char *why)
{
  g_set_error_literal (error, EST_INTAKE_ERROR, (int) code, why);
  return FALSE;
}

/* In UTC, like all that a client is told. */
static void
refuse_more (const EstPermit *permit, gint64 again, GError **error)
{
  gint64 when = again != 0 ? again : est_clock_now () + G_TIME_SPAN_MINUTE;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (when / G_USEC_PER_SEC + 1);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
  g_set_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_TOO_MANY,
               "the token %s allows %u messages in 24 hours; try again after %s",
               permit->token->name, permit->token->limits.per_day, text);
}

static gboolean
find_token (EstPermit *permit, const char *name, GError **error)
{
  EstTokens *tokens = est_intake_tokens (permit->intake);
  if (tokens != NULL && !est_tokens_find (tokens, name, &permit->token, NULL))
    return refuse (error, EST_INTAKE_ERROR_TOKENS,
                   "the file with the tokens cannot be used; see: estafeta token list");
  return permit->token != NULL
         || refuse (error, EST_INTAKE_ERROR_NO_TOKEN,
                    "your token was taken away; connect and sign in anew");
}

static gboolean
take_place (EstPermit *permit, GError **error)
{
  gint64 again;
  g_autoptr (GError) trouble = NULL;
  permit->placed
    = est_allowance_take (est_intake_allowance (permit->intake), permit->program,
                          permit->token->limits.per_day, &again, &trouble);
  if (trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  else if (!permit->placed)
    refuse_more (permit, again, error);
  return permit->placed;
}

EstPermit *
est_permit_new (EstIntake *intake, const char *token, GError **error)
{
  g_autoptr (EstPermit) permit = g_atomic_rc_box_new0 (EstPermit);
  permit->intake = intake;
  if (!find_token (permit, token, error))
    return NULL;
  permit->program = g_strconcat ("token:", permit->token->name, NULL);
  return take_place (permit, error) ? g_steal_pointer (&permit) : NULL;
}

static void
clear (gpointer data)
{
  EstPermit *permit = data;
  if (permit->placed)
    est_allowance_return (est_intake_allowance (permit->intake), permit->program,
                          permit->used);
  est_token_unref (permit->token);
  g_free (permit->program);
}

EstPermit *
est_permit_ref (EstPermit *permit)
{
  return g_atomic_rc_box_acquire (permit);
}

void
est_permit_unref (EstPermit *permit)
{
  if (permit != NULL)
    g_atomic_rc_box_release_full (permit, clear);
}

gboolean
est_permit_judge_sender (const EstPermit *permit, const char *sender, GError **error)
{
  if (*sender == '\0' || est_token_allows_sender (permit->token, sender))
    return TRUE;
  g_set_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_NOT_ALLOWED,
               "the token %s does not allow this sender", permit->token->name);
  return FALSE;
}

static gboolean
allows_all (const EstPermit *permit, GPtrArray *authors)
{
  for (guint i = 0; i < authors->len; i++)
    if (!est_token_allows_sender (permit->token, authors->pdata[i]))
      return FALSE;
  return TRUE;
}

/* All of them, not the first one alone: nobody knows which one a reader will be shown. */
gboolean
est_permit_judge_header (const EstPermit *permit,
                         const char *data,
                         gsize length,
                         GError **error)
{
  char **senders = permit->token->limits.senders;
  if (senders == NULL || *senders == NULL)
    return TRUE;
  g_autoptr (GPtrArray) authors = g_ptr_array_new_with_free_func (g_free);
  if (est_authors_read (data, length, authors) && allows_all (permit, authors))
    return TRUE;
  g_set_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_NOT_ALLOWED,
               "the token %s does not allow what stands in From or Sender",
               permit->token->name);
  return FALSE;
}

gboolean
est_permit_judge_account (const EstPermit *permit, const char *account, GError **error)
{
  if (est_token_allows_account (permit->token, account))
    return TRUE;
  g_set_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_NOT_ALLOWED,
               "the token %s does not allow the account this sender's mail leaves by",
               permit->token->name);
  return FALSE;
}

void
est_permit_use (EstPermit *permit)
{
  permit->used = TRUE;
}
