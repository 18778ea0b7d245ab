/* Accounts as the dictionaries of data/org.estafeta.Accounts1.xml, both ways. */
#pragma once

#include "account/settings.h"

/* Adds one dictionary to @list, a builder of aa{ss}. */
void est_account_values_add (const EstAccount *account, GVariantBuilder *list);

/* Copies @values (a{ss}) into @table; EST_SETTINGS_ERROR_VALUE for what can be set only
   by hand in the file. */
gboolean est_account_values_take (GVariant *values, GHashTable *table, GError **error);
