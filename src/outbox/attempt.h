/* The journal: what one conversation about a message came to. A plain struct, read
   only. */
#pragma once

#include "outbox/database.h"
#include "outcome/outcome.h"

typedef struct
{
  gint64 time; /* microseconds since 1970 UTC */
  char *account;
  EstReason reason;
  char *detail; /* this and the rest may be NULL */
  char *reply;
  EstRoute route;
} EstAttempt;

void est_attempt_free (EstAttempt *attempt);

gboolean est_attempt_store (EstDatabase *database,
                            gint64 id,
                            const char *account,
                            gint64 time,
                            const EstOutcome *outcome,
                            GError **error);

/* All attempts of a message, oldest first: EstAttempt. */
GPtrArray *est_attempt_load_all (EstDatabase *database, gint64 id, GError **error);
