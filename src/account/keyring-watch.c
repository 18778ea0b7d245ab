/* gnome-keyring says the same "changed" when it is locked and when it is unlocked; only
   the property that comes with it tells. Services that send no properties (KeePassXC) are
   believed to have opened: a look-up in vain is cheap. */
#include "account/keyring-watch.h"
#include "account/bus-watch.h"

#define SERVICE_NAME "org.freedesktop.secrets"
#define COLLECTION   "org.freedesktop.Secret.Collection"
#define SETTLE_MS    200

struct EstKeyringWatch
{
  EstKeyringStir stir;
  EstKeyringNews news;
  gpointer data;
  EstBusWatch *bus;
  GDBusConnection *connection; /* NULL: none yet */
  GCancellable *expected;      /* the answer that is waited for; NULL: none */
  gboolean open;
};

static void
on_settled (gpointer data)
{
  EstKeyringWatch *watch = data;
  watch->news (watch->open, watch->data);
}

static void
settle (EstKeyringWatch *watch)
{
  if (!est_bus_watch_settle (watch->bus))
    return;
  watch->open = TRUE;
  watch->stir (watch->data);
}

static void
on_keyring (GVariant *arguments, gpointer data)
{
  settle (data);
}

static void
on_properties (GVariant *arguments, gpointer data)
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
on_owner (GVariant *arguments, gpointer data)
{
  const char *new_owner;
  g_variant_get (arguments, "(&s&s&s)", NULL, NULL, &new_owner);
  if (*new_owner != '\0')
    settle (data);
}

static const EstBusSignal signals[] = {
  {SERVICE_NAME,           "org.freedesktop.Secret.Service",  NULL,                NULL,         on_keyring},
  {SERVICE_NAME,           COLLECTION,                        NULL,                NULL,         on_keyring},
  {SERVICE_NAME,           "org.freedesktop.DBus.Properties", "PropertiesChanged", COLLECTION,
   on_properties                                                                                           },
  {"org.freedesktop.DBus", "org.freedesktop.DBus",            "NameOwnerChanged",  SERVICE_NAME,
   on_owner                                                                                                },
};

static void
on_found (GDBusConnection *connection, gpointer data)
{
  EstKeyringWatch *watch = data;
  watch->connection = g_object_ref (connection);
}

/* Any answer will do, also that the service is gone. */
static void
on_answer (GObject *connection, GAsyncResult *result, gpointer data)
{
  EstKeyringWatch *watch = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* it is freed */
    return;
  g_clear_object (&watch->expected);
  if (answer != NULL)
    settle (watch);
}

void
est_keyring_watch_expect (EstKeyringWatch *watch)
{
  if (watch->connection == NULL || watch->expected != NULL)
    return;
  watch->expected = g_cancellable_new ();
  g_dbus_connection_call (
    watch->connection, SERVICE_NAME, "/org/freedesktop/secrets",
    "org.freedesktop.Secret.Service", "ReadAlias", g_variant_new ("(s)", "default"), NULL,
    G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, watch->expected, on_answer, watch);
}

EstKeyringWatch *
est_keyring_watch_new (EstKeyringStir stir, EstKeyringNews news, gpointer data)
{
  EstKeyringWatch *watch = g_new0 (EstKeyringWatch, 1);
  const EstBusEar ear = {.signals = signals,
                         .n_signals = G_N_ELEMENTS (signals),
                         .settle_ms = SETTLE_MS,
                         .found = on_found,
                         .settled = on_settled,
                         .data = watch};
  watch->stir = stir;
  watch->news = news;
  watch->data = data;
  watch->bus = est_bus_watch_new (&ear);
  est_bus_watch_begin (watch->bus);
  return watch;
}

void
est_keyring_watch_free (EstKeyringWatch *watch)
{
  est_bus_watch_free (watch->bus);
  if (watch->expected != NULL)
    g_cancellable_cancel (watch->expected);
  g_clear_object (&watch->expected);
  g_clear_object (&watch->connection);
  g_free (watch);
}
