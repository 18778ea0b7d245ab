/* GNetworkMonitor, debounced. Its properties and its signal may contradict each other
   while things settle, so neither is believed: both only say "look again". */
#include "dispatcher/network.h"

#include <gio/gio.h>

#define SETTLE_MS 1000

struct EstNetwork
{
  GNetworkMonitor *monitor;
  guint settling;
  GSourceFunc changed;
  gpointer data;
};

static gboolean
on_settled (gpointer data)
{
  EstNetwork *network = data;
  network->settling = 0;
  network->changed (network->data);
  return G_SOURCE_REMOVE;
}

static void
on_signal (EstNetwork *network)
{
  if (network->settling == 0)
    network->settling = g_timeout_add (SETTLE_MS, on_settled, network);
}

EstNetwork *
est_network_new (GSourceFunc changed, gpointer data)
{
  EstNetwork *network = g_new0 (EstNetwork, 1);
  network->monitor = g_object_ref (g_network_monitor_get_default ());
  network->changed = changed;
  network->data = data;
  g_signal_connect_swapped (network->monitor, "network-changed", G_CALLBACK (on_signal),
                            network);
  g_signal_connect_swapped (network->monitor, "notify::connectivity",
                            G_CALLBACK (on_signal), network);
  return network;
}

void
est_network_free (EstNetwork *network)
{
  if (network == NULL)
    return;
  g_signal_handlers_disconnect_by_data (network->monitor, network);
  if (network->settling != 0)
    g_source_remove (network->settling);
  g_object_unref (network->monitor);
  g_free (network);
}
