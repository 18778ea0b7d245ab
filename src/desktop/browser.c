#include "desktop/browser.h"

#define PORTAL "org.freedesktop.portal"

static gboolean
ask_portal (const char *uri)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (bus == NULL)
    return FALSE;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    bus, PORTAL ".Desktop", "/org/freedesktop/portal/desktop", PORTAL ".OpenURI",
    "OpenURI", g_variant_new ("(ssa{sv})", "", uri, NULL), NULL, G_DBUS_CALL_FLAGS_NONE,
    -1, NULL, NULL);
  return answer != NULL;
}

gboolean
est_browser_open (const char *uri, GError **error)
{
  return ask_portal (uri) || g_app_info_launch_default_for_uri (uri, NULL, error);
}
