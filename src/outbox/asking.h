/* Apps that wait for a yes: what they have handed in is HELD for the reason APP. */
#pragma once

#include "outbox/database.h"

typedef struct
{
  char *program;
  guint count;    /* of messages held */
  gint64 since;   /* creation of the first of them; microseconds */
  gint64 first;   /* its id */
  char **senders; /* envelope senders of theirs, each once, "" for the null one; not all
                     where they are many */
} EstAsking;

void est_asking_free (EstAsking *asking);

/* EstAsking, by their names. */
GPtrArray *est_asking_load (EstDatabase *database, GError **error);

/* How many messages of @program wait so. */
gboolean est_asking_count (EstDatabase *database,
                           const char *program,
                           guint *count,
                           GError **error);
