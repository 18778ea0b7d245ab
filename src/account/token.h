/* The right of one program to hand mail in by signing in, with its limits: a group [token
   NAME] of the tokens file. Immutable and reference counted; any thread. */
#pragma once

#include "account/scram.h"

typedef struct
{
  char **senders;  /* mailboxes, or "@example.org" for a whole domain; empty: all */
  char **accounts; /* names of accounts it may send by; empty: all */
  guint per_day;   /* messages in 24 hours; 0: any number */
} EstTokenLimits;

typedef struct
{
  char *name; /* what the program says as its user name */
  EstScramKeys keys;
  EstTokenLimits limits;
  gint64 created; /* seconds since 1970 */
} EstToken;

#define EST_TOKEN_MOST_PER_DAY 1000000

/* Whether @name can be a token's: 1 to 64 letters, digits, "-_.@". Capitals do not count:
   "Git" and "git" are one. */
gboolean est_token_name_is_valid (const char *name);

/* Whether @pattern can stand among the senders. */
gboolean est_token_sender_is_valid (const char *pattern);

/* With keys made of @secret. Takes the vectors of @limits over. */
EstToken *
est_token_new (const char *name, const char *secret, EstTokenLimits limits, gint64 now);

/* The same name and keys with other limits. */
EstToken *est_token_relimit (const EstToken *token, EstTokenLimits limits);

EstToken *est_token_ref (EstToken *token);
void est_token_unref (EstToken *token);

/* @sender: a mailbox. */
gboolean est_token_allows_sender (const EstToken *token, const char *sender);
gboolean est_token_allows_account (const EstToken *token, const char *account);

void est_token_limits_clear (EstTokenLimits *limits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstToken, est_token_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstTokenLimits, est_token_limits_clear)
