/* The text of the tokens file: groups [token NAME], read and written. */
#pragma once

#include "account/settings.h"
#include "account/token.h"

/* EstToken, all of the file's; EST_SETTINGS_ERROR names group and key of what is wrong.
   What the keys are is never repeated. */
GPtrArray *est_token_group_read_all (const char *text, gsize length, GError **error);

/* @text with the group of @token, in place of one of that name. */
char *est_token_group_put (const char *text, const EstToken *token, GError **error);

/* @text without it. */
char *est_token_group_cut (const char *text, const char *name);
