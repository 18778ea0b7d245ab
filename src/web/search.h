/* For whom a server is looked for, and the lines by which the daemon hears of it: "look"
   and "candidate", as org.estafeta.Discovery1 has them. Internal to web/. */
#pragma once

#include "web/candidate.h"

typedef struct
{
  const char *address;
  const char *domain;       /* of it, ASCII */
  char *exchanger;          /* where mail for it comes in; NULL: not known */
  gboolean knows_exchanger; /* it was asked for */
} EstSearch;

typedef struct
{
  const char *source;
  const char *where; /* NULL: in no place that could be named */
} EstOrigin;

/* @result: "found", "nothing" or "trouble"; @detail NULL: no more is said. */
void
est_search_print_look (const EstOrigin *origin, const char *result, const char *detail);

void est_search_print_candidate (const EstSearch *search,
                                 const EstOrigin *origin,
                                 const EstCandidate *candidate);

/* A server with its keys and values as the built-in table has them. */
void est_search_print_known (const EstOrigin *origin, GHashTable *server);

/* A look that found @candidates, or nothing; NULL: they cannot be had, for @error, which
   is nothing if it says that there is no such name. TRUE if there are any. */
gboolean est_search_print_found (const EstSearch *search,
                                 const EstOrigin *origin,
                                 GPtrArray *candidates,
                                 const GError *error);

/* The server that mail for the domain comes in at first; NULL with an error, or without
   one if there is none. Borrowed. Asks the DNS once. */
const char *est_search_find_exchanger (EstSearch *search, GError **error);
