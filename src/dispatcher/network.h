/* Tells once when the network has changed, whatever flurry of signals that came as. A
   hint to try now, never a reason not to. Main loop only. */
#pragma once

#include <glib.h>

typedef struct EstNetwork EstNetwork;

EstNetwork *est_network_new (GSourceFunc changed, gpointer data);
void est_network_free (EstNetwork *network);
