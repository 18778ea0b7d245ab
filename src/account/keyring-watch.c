/* gnome-keyring says the same "changed" when it is locked and when it is unlocked; only
   the property that comes with it tells. Services that send no properties are believed to
   have opened: a look-up in vain is cheap. */
#include "account/keyring-watch.h"

#define SERVICE_NAME "org.freedesktop.secrets"
#define COLLECTION   "org.freedesktop.Secret.Collection"
#define SETTLE_MS    200

struct EstKeyringWatch
{
  EstKeyringNews news;
  gpointer data;
  GMainContext *context;
  GCancellable *cancellable; /* of the wait for the bus */
  GDBusConnection *bus;
  GArray *subscriptions; /* guint */
  GSource *settle;
  gboolean open;
};

static gboolean
on_settled (gpointer data)
{
  EstKeyringWatch *watch = data;
  g_clear_pointer (&watch->settle, g_source_unref);
  watch->news (watch->open, watch->data);
  return G_SOURCE_REMOVE;
}

/* The first signal starts the clock; later ones of the burst do not put it off, so that a
   busy keyring cannot keep us waiting. */
static void
settle (EstKeyringWatch *watch)
{
  if (watch->settle != NULL)
    return;
  watch->open = TRUE;
  watch->settle = g_timeout_source_new (SETTLE_MS);
  g_source_set_callback (watch->settle, on_settled, watch, NULL);
  g_source_attach (watch->settle, watch->context);
}

static void
on_keyring (GDBusConnection *bus,
            const char *sender,
            const char *path,
            const char *interface,
            const char *member,
            GVariant *arguments,
            gpointer data)
{
  settle (data);
}

static void
on_properties (GDBusConnection *bus,
               const char *sender,
               const char *path,
               const char *interface,
               const char *member,
               GVariant *arguments,
               gpointer data)
{
  EstKeyringWatch *watch = data;
  settle (watch);
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_autoptr (GVariant) changed = g_variant_get_child_value (arguments, 1);
  gboolean locked;
  if (g_variant_lookup (changed, "Locked", "b", &locked))
    watch->open = !locked;
}

static void
on_owner (GDBusConnection *bus,
          const char *sender,
          const char *path,
          const char *interface,
          const char *member,
          GVariant *arguments,
          gpointer data)
{
  const char *new_owner;
  g_variant_get (arguments, "(&s&s&s)", NULL, NULL, &new_owner);
  if (*new_owner != '\0')
    settle (data);
}

static const struct
{
  const char *sender;
  const char *interface;
  const char *member;
  const char *first_argument;
  GDBusSignalCallback callback;
} signals[] = {
  {SERVICE_NAME,           "org.freedesktop.Secret.Service",  NULL,                NULL,         on_keyring},
  {SERVICE_NAME,           COLLECTION,                        NULL,                NULL,         on_keyring},
  {SERVICE_NAME,           "org.freedesktop.DBus.Properties", "PropertiesChanged", COLLECTION,
   on_properties                                                                                           },
  {"org.freedesktop.DBus", "org.freedesktop.DBus",            "NameOwnerChanged",  SERVICE_NAME,
   on_owner                                                                                                },
};

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  if (bus == NULL) /* no bus; or cancelled, and then the watch is gone */
    return;

  EstKeyringWatch *watch = data;
  watch->bus = bus;
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      guint id = g_dbus_connection_signal_subscribe (
        bus, signals[i].sender, signals[i].interface, signals[i].member, NULL,
        signals[i].first_argument, G_DBUS_SIGNAL_FLAGS_NONE, signals[i].callback, watch,
        NULL);
      g_array_append_val (watch->subscriptions, id);
    }
}

EstKeyringWatch *
est_keyring_watch_new (EstKeyringNews news, gpointer data)
{
  EstKeyringWatch *watch = g_new0 (EstKeyringWatch, 1);
  watch->news = news;
  watch->data = data;
  watch->context = g_main_context_ref_thread_default ();
  watch->cancellable = g_cancellable_new ();
  watch->subscriptions = g_array_new (FALSE, FALSE, sizeof (guint));
  g_bus_get (G_BUS_TYPE_SESSION, watch->cancellable, on_bus, watch);
  return watch;
}

void
est_keyring_watch_free (EstKeyringWatch *watch)
{
  g_cancellable_cancel (watch->cancellable);
  for (guint i = 0; i < watch->subscriptions->len; i++)
    g_dbus_connection_signal_unsubscribe (watch->bus,
                                          g_array_index (watch->subscriptions, guint, i));
  if (watch->settle != NULL)
    {
      g_source_destroy (watch->settle);
      g_source_unref (watch->settle);
    }
  g_array_unref (watch->subscriptions);
  g_clear_object (&watch->bus);
  g_object_unref (watch->cancellable);
  g_main_context_unref (watch->context);
  g_free (watch);
}
