/* Brings calls from one thread to the main context it was made in, in their order. Those
   that have not come when it is freed do not come any more. */
#pragma once

#include <glib.h>

typedef struct EstMessenger EstMessenger;

EstMessenger *est_messenger_new (void);

/* When the thread has ended, or from a call it sent as its last. */
void est_messenger_free (EstMessenger *messenger);

/* The thread. @call gets @data, which is freed by @free afterwards (NULL: not at all). */
void est_messenger_send (EstMessenger *messenger,
                         GSourceFunc call,
                         gpointer data,
                         GDestroyNotify free);
