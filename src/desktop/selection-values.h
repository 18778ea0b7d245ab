/* The dictionaries that org.estafeta.Outbox1 is called with, as values of outbox and
   intake. */
#pragma once

#include "intake/import.h"
#include "outbox/outbox.h"

/* What @filter (a{sv}) and @ids ("at"; NULL: the method has none) choose; everything in
   it is borrowed from them. G_DBUS_ERROR_INVALID_ARGS for a key, state or reason nobody
   knows, or a value of another type: a misspelt filter must not choose everything. */
gboolean est_selection_read (EstSelection *selection,
                             GVariant *ids,
                             GVariant *filter,
                             GError **error);

/* The same for Journal. */
gboolean
est_journal_search_read (EstJournalSearch *search, GVariant *filter, GError **error);

/* The options of Import; @import's recipients are to be freed with g_free(). */
gboolean est_import_read (EstImport *import, GVariant *options, GError **error);
