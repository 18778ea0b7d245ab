/* A delay lock (the documentation of systemd-inhibit) is held while the machine is awake,
   let go when all is ready for its sleep, and taken again afterwards. */
#include "account/sleep-watch.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#define SERVICE "org.freedesktop.login1"
#define PATH    "/org/freedesktop/login1"
#define MANAGER SERVICE ".Manager"

struct EstSleepWatch
{
  void (*sleeps) (gpointer data);
  gpointer data;
  GCancellable *cancellable;
  GDBusConnection *bus; /* NULL: not yet, or none */
  guint signal;
  int lock; /* -1: none */
};

static void
let_go (EstSleepWatch *watch)
{
  if (watch->lock >= 0)
    close (watch->lock);
  watch->lock = -1;
}

static void
on_lock (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (
    G_DBUS_CONNECTION (bus), &list, result, &error);
  if (answer == NULL || list == NULL || g_unix_fd_list_get_length (list) != 1)
    return; /* cancelled: @data is gone; refused: it sleeps without waiting for us */
  EstSleepWatch *watch = data;
  let_go (watch);
  watch->lock = g_unix_fd_list_get (list, 0, NULL);
}

static void
take_lock (EstSleepWatch *watch)
{
  g_dbus_connection_call_with_unix_fd_list (
    watch->bus, SERVICE, PATH, MANAGER, "Inhibit",
    g_variant_new ("(ssss)", "sleep", "Estafeta", "Forgets passwords first", "delay"),
    G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, watch->cancellable,
    on_lock, watch);
}

static void
on_signal (GDBusConnection *bus,
           const char *sender,
           const char *path,
           const char *interface,
           const char *member,
           GVariant *arguments,
           gpointer data)
{
  gboolean begins;
  EstSleepWatch *watch = data;
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (arguments, "(b)", &begins);
  if (!begins)
    {
      take_lock (watch);
      return;
    }
  watch->sleeps (watch->data);
  let_go (watch);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  if (bus == NULL)
    return; /* cancelled: @data is gone */
  EstSleepWatch *watch = data;
  watch->bus = bus;
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  watch->signal = g_dbus_connection_signal_subscribe (
    bus, SERVICE, MANAGER, "PrepareForSleep", PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
    on_signal, watch, NULL);
  take_lock (watch);
}

EstSleepWatch *
est_sleep_watch_new (void (*sleeps) (gpointer data), gpointer data)
{
  EstSleepWatch *watch = g_new0 (EstSleepWatch, 1);
  watch->sleeps = sleeps;
  watch->data = data;
  watch->lock = -1;
  watch->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, watch->cancellable, on_bus, watch);
  return watch;
}

void
est_sleep_watch_free (EstSleepWatch *watch)
{
  if (watch == NULL)
    return;
  g_cancellable_cancel (watch->cancellable);
  if (watch->bus != NULL)
    g_dbus_connection_signal_unsubscribe (watch->bus, watch->signal);
  let_go (watch);
  g_clear_object (&watch->bus);
  g_object_unref (watch->cancellable);
  g_free (watch);
}
