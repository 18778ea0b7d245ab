/* What a person says about an account with "account add" and "account edit". */
#pragma once

#include "cli/usage.h"

#include <gio/gio.h>

typedef struct
{
  char **addresses;
  char *host;
  int port; /* 0: not given */
  char *security;
  char *auth;
  char *user;
  char **others; /* "KEY=VALUE"; NULL: none */
  gboolean is_default;
  gboolean is_not_default;
  gboolean no_password;
} EstAccountWish;

/* The operands, as est_usage_parse() has them. */
char **est_account_wish_parse (const EstUsage *usage,
                               char **arguments,
                               EstAccountWish *wish,
                               gboolean *json);

/* Keys and values of what was said, a{ss}, floating; without any it is empty. */
GVariant *est_account_wish_values (const EstAccountWish *wish);

/* Whether every one of the others is a key with a value; else says so. */
gboolean est_account_wish_is_clear (const EstUsage *usage, const EstAccountWish *wish);

void est_account_wish_clear (EstAccountWish *wish);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstAccountWish, est_account_wish_clear)
