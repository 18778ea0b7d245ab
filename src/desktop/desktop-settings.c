/* GNOME's settings have had two names on the bus, with the same action (before GNOME 42
   and since). */
#include "desktop/desktop-settings.h"

#include <gio/gio.h>

static const struct
{
  const char *name;
  const char *path;
} programs[] = {
  {"org.gnome.Settings",      "/org/gnome/Settings"     },
  {"org.gnome.ControlCenter", "/org/gnome/ControlCenter"},
};

typedef struct
{
  char *panel;
  gsize next; /* of the programs */
} Opening;

static void
free_opening (Opening *opening)
{
  g_free (opening->panel);
  g_free (opening);
}

static void try_next (GDBusConnection *bus, Opening *opening);

static void
on_opened (GObject *bus, GAsyncResult *result, gpointer data)
{
  Opening *opening = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);
  if (answer == NULL && opening->next < G_N_ELEMENTS (programs))
    {
      try_next (G_DBUS_CONNECTION (bus), opening);
      return;
    }
  if (answer == NULL)
    g_message ("the settings of the desktop did not open: %s", error->message);
  free_opening (opening);
}

/* org.freedesktop.Application of the Desktop Entry Specification; the action takes the
   page and what is to be done there. */
static void
try_next (GDBusConnection *bus, Opening *opening)
{
  gsize i = opening->next++;
  GVariant *page = g_variant_new ("(s@av)", opening->panel,
                                  g_variant_new_array (G_VARIANT_TYPE_VARIANT, NULL, 0));
  GVariant *parameter = g_variant_new_variant (page);
  g_dbus_connection_call (
    bus, programs[i].name, programs[i].path, "org.freedesktop.Application",
    "ActivateAction",
    g_variant_new ("(s@ava{sv})", "launch-panel",
                   g_variant_new_array (G_VARIANT_TYPE_VARIANT, &parameter, 1), NULL),
    NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_opened, opening);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  if (bus != NULL)
    try_next (bus, data);
  else
    free_opening (data);
}

void
est_desktop_settings_open (const char *panel)
{
  Opening *opening = g_new0 (Opening, 1);
  opening->panel = g_strdup (panel);
  g_bus_get (G_BUS_TYPE_SESSION, NULL, on_bus, opening);
}
