/* Hears from the session bus what happens to keyrings. */
#pragma once

#include <gio/gio.h>

typedef struct EstKeyringWatch EstKeyringWatch;

/* Something about a keyring is not as it was: at the first of a burst of signals. */
typedef void (*EstKeyringStir) (gpointer data);

/* After the burst: @open tells whether a look-up may now find what an earlier one did
   not. */
typedef void (*EstKeyringNews) (gboolean open, gpointer data);

/* Calls both in the thread-default main context. Without a session bus it stays silent.
 */
EstKeyringWatch *
est_keyring_watch_new (EstKeyringStir stir, EstKeyringNews news, gpointer data);
/* A look-up got no answer in time: the service is asked for another one, however long
   that takes, and its coming is news. On the context of the watch. */
void est_keyring_watch_expect (EstKeyringWatch *watch);

void est_keyring_watch_free (EstKeyringWatch *watch);
