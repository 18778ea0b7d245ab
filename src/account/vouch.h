/* What a server is worth that a mail program of this person uses for an address. Pure. */
#pragma once

#include <glib.h>

/* @candidate: as org.estafeta.Discovery1 has it, of the source "desktop". It becomes safe
   if the server is within the domain of @address, or is the one of the built-in table for
   it. Else a person has to say yes: a file of another program is easily written. What the
   table knows of a server's provider is added. */
void est_vouch (GHashTable *candidate, const char *address);

/* Whether it says all that signing in takes: who signs in at a web page has to know
   which, and other programs have that built in. */
gboolean est_vouch_is_enough (GHashTable *candidate);
