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

static const EstBusSignal signals[] = {
  {SERVICE_NAME,           "org.freedesktop.Secret.Service",  NULL,                NULL,         on_keyring},
  {SERVICE_NAME,           COLLECTION,                        NULL,                NULL,         on_keyring},
  {SERVICE_NAME,           "org.freedesktop.DBus.Properties", "PropertiesChanged", COLLECTION,
   on_properties                                                                                           },
  {"org.freedesktop.DBus", "org.freedesktop.DBus",            "NameOwnerChanged",  SERVICE_NAME,
   on_owner                                                                                                },
};

EstKeyringWatch *
est_keyring_watch_new (EstKeyringStir stir, EstKeyringNews news, gpointer data)
{
  EstKeyringWatch *watch = g_new0 (EstKeyringWatch, 1);
  const EstBusEar ear = {.signals = signals,
                         .n_signals = G_N_ELEMENTS (signals),
                         .settle_ms = SETTLE_MS,
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
  g_free (watch);
}
