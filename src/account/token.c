/* One token as a value. How it is read from its file stands in token-group.c. */
#include "account/token.h"

#include "account/account-group.h"
#include "mail/address.h"

gboolean
est_token_name_is_valid (const char *name)
{
  return est_account_name_is_valid (name);
}

gboolean
est_token_sender_is_valid (const char *pattern)
{
  g_autofree char *mailbox
    = *pattern == '@' ? g_strconcat ("x", pattern, NULL) : g_strdup (pattern);
  return est_address_is_mailbox (mailbox);
}

static void
clear (gpointer data)
{
  EstToken *token = data;
  g_free (token->name);
  est_scram_keys_clear (&token->keys);
  est_token_limits_clear (&token->limits);
}

EstToken *
est_token_new (const char *name, const char *secret, EstTokenLimits limits, gint64 now)
{
  EstToken *token = g_atomic_rc_box_new0 (EstToken);
  token->name = g_strdup (name);
  token->keys = est_scram_keys_new (secret);
  token->limits = limits;
  token->created = now / G_USEC_PER_SEC;
  return token;
}

EstToken *
est_token_relimit (const EstToken *token, EstTokenLimits limits)
{
  EstToken *other = g_atomic_rc_box_new0 (EstToken);
  other->name = g_strdup (token->name);
  other->keys = (EstScramKeys){.salt = g_strdup (token->keys.salt),
                               .rounds = token->keys.rounds,
                               .stored_key = g_strdup (token->keys.stored_key),
                               .server_key = g_strdup (token->keys.server_key)};
  other->limits = limits;
  other->created = token->created;
  return other;
}

EstToken *
est_token_ref (EstToken *token)
{
  return g_atomic_rc_box_acquire (token);
}

void
est_token_unref (EstToken *token)
{
  if (token != NULL)
    g_atomic_rc_box_release_full (token, clear);
}

static gboolean
matches (const char *pattern, const char *sender)
{
  if (*pattern != '@')
    return est_address_equal (pattern, sender);
  const char *domain = est_address_domain (sender);
  return domain != NULL && g_ascii_strcasecmp (pattern + 1, domain) == 0;
}

gboolean
est_token_allows_sender (const EstToken *token, const char *sender)
{
  char **patterns = token->limits.senders;
  for (guint i = 0; patterns != NULL && patterns[i] != NULL; i++)
    if (matches (patterns[i], sender))
      return TRUE;
  return patterns == NULL || *patterns == NULL;
}

gboolean
est_token_allows_account (const EstToken *token, const char *account)
{
  char **accounts = token->limits.accounts;
  return accounts == NULL || *accounts == NULL
         || g_strv_contains ((const char *const *) accounts, account);
}

void
est_token_limits_clear (EstTokenLimits *limits)
{
  g_clear_pointer (&limits->senders, g_strfreev);
  g_clear_pointer (&limits->accounts, g_strfreev);
}
