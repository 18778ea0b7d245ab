/* data/providers: where the users of known mail providers hand mail in, and by which kind
   of secret. Built in, so that it works offline; pure. Any thread. */
#pragma once

#include <glib.h>

/* What is known for addresses like @address, as a candidate of org.estafeta.Discovery1
   has it: key -> value, new; NULL: its domain is nobody's in the table. */
GHashTable *est_provider_table_find (const char *address);

/* The same for a server that is used by whoever has @address, whatever its domain: what a
   provider of the table says of its own, who takes other domains if there are several. */
GHashTable *est_provider_table_find_host (const char *address, const char *host);

/* The same for a domain whose mail comes in at @host, but who says so is the caller's to
   add: source, where and trust are left out. */
GHashTable *est_provider_table_find_mx (const char *address, const char *host);
