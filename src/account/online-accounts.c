/* Any word of the service makes all of it be read again: there are few accounts, and they
   change rarely. */
#include "account/online-accounts.h"
#include "account/online-account.h"

#include <gio/gio.h>

#define SERVICE   "org.gnome.OnlineAccounts"
#define MANAGER   "/org/gnome/OnlineAccounts"
#define SETTLE_MS 50
#define FIRST_MS  2000

struct EstOnlineAccounts
{
  EstOnlineNews news;
  gpointer data;
  GMainContext *context;
  GCancellable *cancellable;
  GDBusConnection *bus;
  GArray *subscriptions; /* guint */
  GSource *settle;
  GPtrArray *accounts; /* as told */
};

/* The service's own file: the person has made accounts there. */
static gboolean
is_in_use (void)
{
  g_autofree char *path
    = g_build_filename (g_get_user_config_dir (), "goa-1.0", "accounts.conf", NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
take_answer (EstOnlineAccounts *watch, GVariant *answer)
{
  g_autoptr (GVariant) objects = g_variant_get_child_value (answer, 0);
  g_autoptr (GPtrArray) fresh = est_online_account_read_all (objects);
  if (est_online_account_lists_equal (fresh, watch->accounts))
    return;
  GPtrArray *old = watch->accounts;
  watch->accounts = g_steal_pointer (&fresh);
  fresh = old;
  watch->news (watch->accounts, watch->data);
}

static void
on_answer (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);
  if (answer != NULL)
    take_answer (data, answer);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* it is freed */
    g_info ("GNOME Online Accounts: %s", error->message);
}

static GDBusCallFlags
may_start (void)
{
  return is_in_use () ? G_DBUS_CALL_FLAGS_NONE : G_DBUS_CALL_FLAGS_NO_AUTO_START;
}

static void
ask (EstOnlineAccounts *watch)
{
  g_dbus_connection_call (watch->bus, SERVICE, MANAGER,
                          "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL,
                          G_VARIANT_TYPE ("(a{oa{sa{sv}}})"), may_start (), -1,
                          watch->cancellable, on_answer, watch);
}

static gboolean
on_settled (gpointer data)
{
  EstOnlineAccounts *watch = data;
  g_clear_pointer (&watch->settle, g_source_unref);
  ask (watch);
  return G_SOURCE_REMOVE;
}

/* A burst of signals makes one question. */
static void
settle (EstOnlineAccounts *watch)
{
  if (watch->settle != NULL)
    return;
  watch->settle = g_timeout_source_new (SETTLE_MS);
  g_source_set_callback (watch->settle, on_settled, watch, NULL);
  g_source_attach (watch->settle, watch->context);
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
  settle (data);
}

/* Gone: it is asked, and so started, again where the person uses it. */
static void
on_owner (GDBusConnection *bus,
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
subscribe (EstOnlineAccounts *watch)
{
  static const struct
  {
    const char *sender, *interface, *member, *first;
    GDBusSignalCallback callback;
  } signals[] = {
    {SERVICE,                "org.freedesktop.DBus.ObjectManager", NULL,                NULL,    on_signal},
    {SERVICE,                "org.freedesktop.DBus.Properties",    "PropertiesChanged", NULL,    on_signal},
    {"org.freedesktop.DBus", "org.freedesktop.DBus",               "NameOwnerChanged",  SERVICE,
     on_owner                                                                                             },
  };
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      guint id = g_dbus_connection_signal_subscribe (
        watch->bus, signals[i].sender, signals[i].interface, signals[i].member, NULL,
        signals[i].first, G_DBUS_SIGNAL_FLAGS_NONE, signals[i].callback, watch, NULL);
      g_array_append_val (watch->subscriptions, id);
    }
}

static void
begin (EstOnlineAccounts *watch, GDBusConnection *bus)
{
  watch->bus = bus;
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  subscribe (watch);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  GDBusConnection *bus = g_bus_get_finish (result, NULL);
  if (bus == NULL) /* no bus; or cancelled, and then the watch is gone */
    return;
  begin (data, bus);
  ask (data);
}

static void
begin_with_an_answer (EstOnlineAccounts *watch)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  if (bus == NULL)
    return;
  begin (watch, bus);
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    bus, SERVICE, MANAGER, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects",
    NULL, G_VARIANT_TYPE ("(a{oa{sa{sv}}})"), G_DBUS_CALL_FLAGS_NONE, FIRST_MS, NULL,
    &error);
  if (answer != NULL)
    take_answer (watch, answer);
  else
    g_message ("GNOME Online Accounts do not answer yet: %s", error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    ask (watch);
}

EstOnlineAccounts *
est_online_accounts_new (EstOnlineNews news, gpointer data)
{
  EstOnlineAccounts *watch = g_new0 (EstOnlineAccounts, 1);
  watch->news = news;
  watch->data = data;
  watch->context = g_main_context_ref_thread_default ();
  watch->cancellable = g_cancellable_new ();
  watch->subscriptions = g_array_new (FALSE, FALSE, sizeof (guint));
  watch->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) est_account_unref);
  if (is_in_use ())
    begin_with_an_answer (watch);
  else
    g_bus_get (G_BUS_TYPE_SESSION, watch->cancellable, on_bus, watch);
  return watch;
}

void
est_online_accounts_free (EstOnlineAccounts *watch)
{
  if (watch == NULL)
    return;
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
  g_ptr_array_unref (watch->accounts);
  g_clear_object (&watch->bus);
  g_object_unref (watch->cancellable);
  g_main_context_unref (watch->context);
  g_free (watch);
}
