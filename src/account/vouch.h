/* What a server is worth that a mail program of this person uses for an address. Pure. */
#pragma once

#include <glib.h>

/* @candidate: as org.estafeta.Discovery1 has it, of the source "desktop". It becomes safe
   if the server is within the domain of @address, or is the one of the built-in table,
   which then also says what else it knows of the provider. Else a person has to say yes:
   a file of another program is easily written. */
void est_vouch (GHashTable *candidate, const char *address);
