/* What happens to messages by itself, each as a job for the writer: added, marked,
   settled, put right after a crash, asked about when they are old, forgotten. What the
   person decides is in decide.h. */
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
  gint64 stamp;
  gint64 now;
  const EstLetter *letter;
  EstContent *content;
} EstAddition;

typedef struct
{
  gint64 id;
  gint64 stamp;
} EstMark;

typedef struct
{
  const EstSettlement *settlement;
  gint64 stamp;
  gint64 now;
  EstState became;
} EstSettling;

gboolean est_write_addition (EstDatabase *database, gpointer addition, GError **error);
gboolean est_write_mark (EstDatabase *database, gpointer mark, GError **error);
gboolean est_write_settling (EstDatabase *database, gpointer settling, GError **error);

/* Puts right what a crash left; before anything else is written. */
gboolean est_write_recovery (EstDatabase *database, gpointer now, GError **error);

/* Drops the content of a message that has left or was given up. */
gboolean est_write_drop_content (EstDatabase *database, gint64 id, GError **error);
