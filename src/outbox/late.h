/* Mail that is to come back when it is late (RFC 2852, mode R): by when it has to be
   there, and that it fails then. The message's options say it, and are sealed; its column
   `late` says it to the index, and no more is believed of it. */
#pragma once

#include "outbox/claims.h"
#include "outbox/database.h"

/* The hour in an envelope's options, in microseconds since 1970; 0: it may be late. */
gint64 est_late_hour (const char *options);

typedef struct
{
  gint64 id;
  gint64 hour;
} EstLateOne;

/* The first @limit messages, by their hour up to @latest, that wait and that nobody has
   in hand. */
GArray *est_late_find (
  EstDatabase *database, EstClaims *claims, gint64 latest, guint limit, GError **error);

/* A job for the writer: those that still wait and are late fail. What may have arrived
   already is HELD instead, and its person asked. */
typedef struct
{
  const GArray *ids; /* gint64 */
  gint64 stamp;
  gint64 now;
  GArray *changes; /* EstChange: what has been done */
} EstLateOnes;

gboolean est_late_fail (EstDatabase *database, gpointer late_ones, GError **error);

/* Fills the column for an outbox whose messages have none. */
gboolean est_late_fill (EstDatabase *database, GError **error);
