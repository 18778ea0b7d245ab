/* Everything that is written about messages, each as a job for the writer. */
#pragma once

#include "outbox/outbox.h"
#include "outbox/writer.h"

/* A message that has become something else, for "changed". */
typedef struct
{
  gint64 id;
  int from; /* EstState, -1: new */
  int to;
} EstChange;

typedef struct
{
  gint64 id; /* chosen by the caller, greater than all before */
  gint64 now;
  const EstLetter *letter;
  EstContent *content;
} EstAddition;

typedef struct
{
  const EstSettlement *settlement;
  gint64 now;
  EstState became;
} EstSettling;

typedef struct
{
  const gint64 *ids;
  gsize n_ids;
  gint64 now;
  GArray *changes; /* EstChange */
} EstRequest;

gboolean est_write_addition (EstDatabase *database, gpointer addition, GError **error);
gboolean est_write_mark (EstDatabase *database, gpointer id, GError **error);
gboolean est_write_settling (EstDatabase *database, gpointer settling, GError **error);
gboolean est_write_send_now (EstDatabase *database, gpointer request, GError **error);

/* Puts right what a crash left; before anything else is written. */
gboolean est_write_recovery (EstDatabase *database, gpointer now, GError **error);
