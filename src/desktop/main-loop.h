/* A thread lets the main loop do something and waits for it. */
#pragma once

#include <glib.h>

/* Runs @run on the default main context, which must be running, and returns what it said.
   Never from the main loop itself. */
gboolean est_main_loop_run (gboolean (*run) (gpointer data, GError **error),
                            gpointer data,
                            GError **error);
