/* Candidates as one text, for tables. */
#pragma once

#include "web/candidate.h"

/* "host:port security auth secret user", joined by ", "; "": none. */
static inline char *
show_candidates (GPtrArray *list)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < list->len; i++)
    {
      const EstCandidate *one = g_ptr_array_index (list, i);
      g_ptr_array_add (words, g_strdup_printf ("%s:%u %s %s %s %s", one->host, one->port,
                                               est_security_nick (one->security),
                                               one->auth, one->secret,
                                               one->user != NULL ? one->user : "-"));
    }
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (char **) words->pdata);
}
