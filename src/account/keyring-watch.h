/* Hears from the session bus what happens to keyrings. */
#pragma once

#include <gio/gio.h>

typedef struct EstKeyringWatch EstKeyringWatch;

/* Calls @news in the thread-default main context, once for a burst of signals: something
   about a keyring is not as it was; @open tells whether a look-up may now find what an
   earlier one did not. Without a session bus it stays silent. */
typedef void (*EstKeyringNews) (gboolean open, gpointer data);

EstKeyringWatch *est_keyring_watch_new (EstKeyringNews news, gpointer data);
void est_keyring_watch_free (EstKeyringWatch *watch);
