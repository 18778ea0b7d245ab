/* The tokens as they are now: watches their file and keeps what it says. Unlike the
   settings, a file that is broken or that others may read or write is not believed at
   all: nobody signs in until it is mended. */
#pragma once

#include "account/settings.h"
#include "account/token.h"

#include <gio/gio.h>

typedef struct EstTokens EstTokens;

/* Reads @path and watches it from the thread-default main context; no file: no token. */
EstTokens *est_tokens_new (const char *path);
EstTokens *est_tokens_ref (EstTokens *tokens);
void est_tokens_unref (EstTokens *tokens);

/* Any thread. TRUE: @token is the one of that name (a new reference), or NULL if there is
   none. EST_SETTINGS_ERROR or G_IO_ERROR: the file cannot be believed. */
gboolean
est_tokens_find (EstTokens *tokens, const char *name, EstToken **token, GError **error);

/* All of them (EstToken; a new reference); as with finding. Any thread. */
GPtrArray *est_tokens_list (EstTokens *tokens, GError **error);

/* Main loop: writes and re-reads at once. EST_SETTINGS_ERROR_NAME if there is one of that
   name already, or none to be changed or removed. */
gboolean est_tokens_add (EstTokens *tokens, const EstToken *token, GError **error);
gboolean est_tokens_change (EstTokens *tokens,
                            const char *name,
                            EstTokenLimits limits,
                            GError **error);
gboolean est_tokens_remove (EstTokens *tokens, const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstTokens, est_tokens_unref)
