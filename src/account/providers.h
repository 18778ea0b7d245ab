/* What is known of providers: how much may leave by their relays, and by how many
   connections at once. Figures that they, or those who were stopped, have told; they
   change without notice. Pure. */
#pragma once

#include "account/account.h"

typedef struct
{
  const char *domain;    /* of the relay, and of all under it */
  const char *addresses; /* domains of the accounts it is about, each with a blank behind
                            it; NULL: all */
  guint connections;     /* at once; 0: not known */
  EstBudget budget;      /* 0: no such limit is known */
} EstProvider;

/* The provider behind @host for an account with that @address (NULL: any); NULL: nothing
   is known. */
const EstProvider *est_provider_find (const char *host, const char *address);

/* How many connections at once it lets one account have; 1 where nothing is known. */
guint est_provider_connections (const char *host);
