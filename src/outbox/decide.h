/* What a person decides about messages, each as a job for the writer. */
#pragma once

#include "outbox/control.h"
#include "outbox/write.h"

/* Messages and what is wanted of them. */
typedef struct
{
  const GArray *ids; /* gint64, each once */
  gboolean strict;   /* the first that cannot be is an error; else it is left alone */
  gint64 stamp;
  gint64 now;
  GArray *changes; /* EstChange: what has been done */
  guint as_wished; /* how many were already as they should be: not a row is touched */

  EstWish wish; /* est_decide_wish() */

  const char *account; /* est_decide_move() */
  EstMaySend may;
  gpointer may_data;

  const char *from, *to; /* est_decide_readdress() */
} EstDecision;

gboolean est_decide_wish (EstDatabase *database, gpointer decision, GError **error);
gboolean est_decide_move (EstDatabase *database, gpointer decision, GError **error);
gboolean est_decide_readdress (EstDatabase *database, gpointer decision, GError **error);
