/* Wakes a thread that waits for a file descriptor to become readable: eventfd(2). Once
   rung it stays rung until it is hushed, so that no call is lost. Any thread. */
#pragma once

#include <glib.h>

int est_bell_new (void);
void est_bell_ring (int bell);
void est_bell_hush (int bell);
void est_bell_free (int bell);
