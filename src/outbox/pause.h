/* Why an account cannot send now: one row per account, whatever the number of messages
   behind it. A plain value. */
#pragma once

#include "outbox/database.h"
#include "outcome/outcome.h"

typedef struct
{
  char *account;
  EstReason reason; /* network or account scope */
  gint64 since;     /* microseconds since 1970 UTC */
  gint64 retry;     /* when to try again; G_MAXINT64: only an event ends it */
  guint tries;      /* attempts that came to nothing since @since */
  char *detail;     /* English, or NULL */
  char *figures;    /* see EstOutcome; or NULL */
  char *reply;      /* the relay's words on one line, or NULL */
} EstPause;

EstPause *est_pause_copy (const EstPause *pause);
void est_pause_free (EstPause *pause);

gboolean est_pause_store (EstDatabase *database, const EstPause *pause, GError **error);
gboolean est_pause_remove (EstDatabase *database, const char *account, GError **error);

/* All of them: EstPause. */
GPtrArray *est_pause_load_all (EstDatabase *database, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstPause, est_pause_free)
