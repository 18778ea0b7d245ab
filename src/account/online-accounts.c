/* Any word of the service makes all of it be read again: there are few accounts, and they
   change rarely. */
#include "account/online-accounts.h"
#include "account/bus-watch.h"
#include "account/online-account.h"

#include <gio/gio.h>

#define SERVICE   "org.gnome.OnlineAccounts"
#define MANAGER   "/org/gnome/OnlineAccounts"
#define SETTLE_MS 50
#define FIRST_MS  2000

struct EstOnlineAccounts
{
  EstOnlineNews news;
  EstOnlineBack back;
  gpointer data;
  EstBusWatch *watch;
  GDBusConnection *bus;
  GCancellable *cancellable; /* of what is asked */
  gboolean in_use;           /* from the start: its first answer is waited for */
  gboolean answered;
  gboolean due;        /* the first answer is late */
  gboolean away;       /* no answer yet from the service that runs now */
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
  watch->answered = TRUE;
  g_autoptr (GVariant) objects = g_variant_get_child_value (answer, 0);
  g_autoptr (GPtrArray) fresh = est_online_account_read_all (objects);
  if (!est_online_account_lists_equal (fresh, watch->accounts))
    {
      GPtrArray *old = watch->accounts;
      watch->accounts = g_steal_pointer (&fresh);
      fresh = old;
      watch->news (watch->accounts, watch->data);
    }
  gboolean back = watch->away || watch->due;
  watch->away = watch->due = FALSE;
  if (back)
    watch->back (watch->data);
}

static void
give_up (EstOnlineAccounts *watch, const GError *error)
{
  g_info ("GNOME Online Accounts: %s", error->message);
  gboolean due = watch->due;
  watch->due = FALSE;
  if (due)
    watch->back (watch->data);
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
    give_up (data, error);
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

static void
on_settled (gpointer watch)
{
  ask (watch);
}

static void
on_signal (GVariant *arguments, gpointer data)
{
  EstOnlineAccounts *watch = data;
  est_bus_watch_settle (watch->watch);
}

/* Also that it is gone: it is asked, and so started, again where the person uses it. */
static void
on_owner (GVariant *arguments, gpointer data)
{
  EstOnlineAccounts *watch = data;
  watch->away = TRUE;
  est_bus_watch_settle (watch->watch);
}

static const EstBusSignal signals[] = {
  {SERVICE,                "org.freedesktop.DBus.ObjectManager", NULL,                NULL,    on_signal},
  {SERVICE,                "org.freedesktop.DBus.Properties",    "PropertiesChanged", NULL,    on_signal},
  {"org.freedesktop.DBus", "org.freedesktop.DBus",               "NameOwnerChanged",  SERVICE, on_owner },
};

static void
wait_for_answer (EstOnlineAccounts *watch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    watch->bus, SERVICE, MANAGER, "org.freedesktop.DBus.ObjectManager",
    "GetManagedObjects", NULL, G_VARIANT_TYPE ("(a{oa{sa{sv}}})"), G_DBUS_CALL_FLAGS_NONE,
    FIRST_MS, NULL, &error);
  if (answer != NULL)
    take_answer (watch, answer);
  else
    g_message ("GNOME Online Accounts do not answer yet: %s", error->message);
  watch->due = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  if (watch->due)
    ask (watch);
}

static void
on_found (GDBusConnection *bus, gpointer data)
{
  EstOnlineAccounts *watch = data;
  watch->bus = g_object_ref (bus);
  if (watch->in_use)
    wait_for_answer (watch);
  else
    ask (watch);
}

EstOnlineAccounts *
est_online_accounts_new (EstOnlineNews news, EstOnlineBack back, gpointer data)
{
  EstOnlineAccounts *watch = g_new0 (EstOnlineAccounts, 1);
  const EstBusEar ear = {.signals = signals,
                         .n_signals = G_N_ELEMENTS (signals),
                         .settle_ms = SETTLE_MS,
                         .found = on_found,
                         .settled = on_settled,
                         .data = watch};
  watch->news = news;
  watch->back = back;
  watch->away = TRUE;
  watch->data = data;
  watch->cancellable = g_cancellable_new ();
  watch->in_use = is_in_use ();
  watch->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) est_account_unref);
  watch->watch = est_bus_watch_new (&ear);
  if (watch->in_use)
    est_bus_watch_begin_at_once (watch->watch);
  else
    est_bus_watch_begin (watch->watch);
  return watch;
}

gboolean
est_online_accounts_are_known (const EstOnlineAccounts *watch)
{
  return watch->answered || !watch->in_use;
}

gboolean
est_online_accounts_are_due (const EstOnlineAccounts *watch)
{
  return watch->due;
}

void
est_online_accounts_free (EstOnlineAccounts *watch)
{
  if (watch == NULL)
    return;
  g_cancellable_cancel (watch->cancellable);
  est_bus_watch_free (watch->watch);
  g_ptr_array_unref (watch->accounts);
  g_clear_object (&watch->bus);
  g_object_unref (watch->cancellable);
  g_free (watch);
}
