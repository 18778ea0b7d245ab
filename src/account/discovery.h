/* Which servers an address may hand its mail in at: from the mail programs of this
   person, else from the built-in table, else from the network. What others wrote, HTTPS,
   XML and DNS, is read by the helper program estafeta-web. Blocking, for a thread that
   may wait; any number at once. */
#pragma once

#include <gio/gio.h>

/* @look: source, where, result ... as the signal Looked of org.estafeta.Discovery1 has
   them; borrowed. In the thread that waits. */
typedef struct
{
  void (*looked) (GHashTable *look, gpointer data);
  gpointer data;
} EstLookListener;

/* The candidates (GHashTable, key -> value), the best first; empty: nothing was found.
   @sources NULL: all of them. NULL with an error (G_IO_ERROR) if the helper cannot be
   run, did not end in time or says nonsense. */
GPtrArray *est_discovery_run (const char *address,
                              const char *const *sources,
                              const EstLookListener *listener,
                              GCancellable *cancellable,
                              GError **error);
