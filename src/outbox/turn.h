/* Whose turn it is among the messages that wait: each function is a few short SELECTs. */
#pragma once

#include "outbox/claims.h"
#include "outbox/outbox.h"

typedef struct
{
  const char *account;
  guint64 largest; /* octets */
  gboolean bulk;   /* what came as one of many, too */
  EstClaims *claims;
  gint64 now;
  const EstReach *reach; /* how far ahead of their time messages are due; NULL: not */
} EstDueQuestion;

/* The account's waiting message that nobody has claimed and that goes next: of those due
   the one with the greatest priority, among them single ones before bulk, and among them
   the one that has been due longest; if none is, one that its relay may be given ahead of
   its time (see ahead.h); else the one that will be first. With when it is due; 0 if
   there is none. */
gboolean est_turn_find (EstDatabase *database,
                        const EstDueQuestion *question,
                        gint64 *id,
                        gint64 *due,
                        GError **error);

/* How many such messages are due at @question's time, up to @enough. Those that may go
   ahead of their time count as one: they can wait for each other. */
gboolean est_turn_count (EstDatabase *database,
                         const EstDueQuestion *question,
                         guint enough,
                         guint *count,
                         GError **error);

/* Fills in what else is to be known of the message whose id is in @next. */
gboolean est_turn_describe (EstDatabase *database, EstNext *next, GError **error);

/* See est_outbox_queue(). */
GArray *est_turn_queue (EstDatabase *database,
                        const char *account,
                        EstClaims *claims,
                        gint64 now,
                        guint limit,
                        GError **error);
