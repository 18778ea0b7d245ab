/* What is asked about many messages at once; each function is one short SELECT. */
#pragma once

#include "outbox/claims.h"
#include "outbox/outbox.h"

/* The ids of up to @limit selected messages after @after, in their order. What a worker
   has in @claims (NULL: nothing) counts as SENDING. */
GArray *est_read_ids (EstDatabase *database,
                      const EstSelection *selection,
                      EstClaims *claims,
                      gint64 after,
                      guint limit,
                      GError **error);

gboolean est_read_counts (EstDatabase *database, EstCounts *counts, GError **error);
guint est_read_waiting (EstDatabase *database, const char *account);
guint est_read_because (EstDatabase *database, EstState state, EstReason reason);
gboolean est_read_is_relayed (EstDatabase *database, gint64 id);
gboolean est_read_last_id (EstDatabase *database, gint64 *id, GError **error);
GBytes *est_read_chunk (EstDatabase *database, gint64 id, guint number, GError **error);

/* See est_outbox_times(). */
GArray *
est_read_times (EstDatabase *database, const char *program, gint64 since, GError **error);

typedef struct
{
  const char *account;
  guint64 largest; /* octets */
  gboolean bulk;   /* what came as one of many, too */
  EstClaims *claims;
  gint64 now;
} EstDueQuestion;

/* The account's waiting message that nobody has claimed and that goes next: of those due
   the one with the greatest priority, among them single ones before bulk, and among them
   the one that has been due longest; if none is, the one that will be first. With when it
   is due; 0 if there is none. */
gboolean est_read_next_due (EstDatabase *database,
                            const EstDueQuestion *question,
                            gint64 *id,
                            gint64 *due,
                            GError **error);

/* Fills in what else is to be known of the message whose id is in @next. */
gboolean est_read_next (EstDatabase *database, EstNext *next, GError **error);

/* See est_outbox_queue(). */
GArray *est_read_queue (EstDatabase *database,
                        const char *account,
                        EstClaims *claims,
                        gint64 now,
                        guint limit,
                        GError **error);
