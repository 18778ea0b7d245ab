/* What is kept about an account beside its pause: whether its person has stopped it, and
   how long it could send so far. */
#pragma once

#include "outbox/database.h"

/* @account "": everything. Stopping what is stopped changes nothing. */
gboolean est_standing_halt (EstDatabase *database,
                            const char *account,
                            gint64 now,
                            GError **error);

/* @account "": everything, single accounts too. */
gboolean est_standing_unhalt (EstDatabase *database, const char *account, GError **error);

/* account -> gint64: since when. */
GHashTable *est_standing_halts (EstDatabase *database, GError **error);

gboolean est_standing_keep_clock (EstDatabase *database,
                                  const char *account,
                                  gint64 counted,
                                  GError **error);
gboolean est_standing_clock (EstDatabase *database,
                             const char *account,
                             gint64 *counted,
                             GError **error);
