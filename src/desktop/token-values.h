/* Tokens and their limits as D-Bus dictionaries (data/org.estafeta.Tokens1.xml). */
#pragma once

#include "account/token.h"

#include <gio/gio.h>

/* Adds @token to @list (aa{sv}). @used: messages of the last 24 hours. */
void est_token_values_add (const EstToken *token, guint used, GVariantBuilder *list);

/* EST_SETTINGS_ERROR_VALUE for a key that does not exist, one of another type, and a
   value that cannot be. */
gboolean est_token_values_take (GVariant *values, EstTokenLimits *limits, GError **error);
