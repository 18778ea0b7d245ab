/* The methods of org.estafeta.Accounts1. They run in GDBus's threads, because the keyring
   may be slow; the settings are changed on the main loop, where they live. */
#include "desktop/accounts-object.h"

#include "desktop/account-tests.h"
#include "desktop/account-values.h"
#include "desktop/leaving.h"
#include "desktop/main-loop.h"
#include "desktop/methods.h"
#include "desktop/relay-trust.h"
#include "desktop/secret-reader.h"
#include "interface/names.h"

#include <gio/gunixfdlist.h>

struct EstAccountsObject
{
  EstBusAccounts1 *skeleton;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstDispatcher *dispatcher;
  EstOutbox *outbox;
  EstAccountTests *tests;
};

static void
return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  const EstErrorName names[] = {
    {EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_LOCKED,      EST_BUS_ERROR_KEYRING_LOCKED},
    {EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_UNAVAILABLE, EST_BUS_ERROR_NO_KEYRING    },
    {EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_DISMISSED,   EST_BUS_ERROR_DISMISSED     },
    {EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_TIMED_OUT,   EST_BUS_ERROR_TIMED_OUT     },
    {EST_SETTINGS_ERROR,    EST_SETTINGS_ERROR_UNSAFE,         EST_BUS_ERROR_SETTINGS      },
    {EST_SETTINGS_ERROR,    EST_SETTINGS_ERROR_SYNTAX,         EST_BUS_ERROR_SETTINGS      },
    {EST_SETTINGS_ERROR,    EST_SETTINGS_ERROR_VALUE,          EST_BUS_ERROR_SETTINGS      },
    {EST_SETTINGS_ERROR,    EST_SETTINGS_ERROR_NAME,           EST_BUS_ERROR_SETTINGS      },
    {EST_RELAY_TRUST_ERROR, EST_RELAY_TRUST_ERROR_NOT_ASKED,   EST_BUS_ERROR_NOT_ASKED     },
  };
  est_methods_return_error (invocation, names, G_N_ELEMENTS (names), error);
}

/* A change of the settings, which live on the main loop. */
typedef struct
{
  EstAccountsObject *object;
  const char *name;
  GHashTable *values;
} Change;

static gboolean
on_list (EstBusAccounts1 *skeleton,
         GDBusMethodInvocation *invocation,
         EstAccountsObject *object)
{
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{ss}"));
  for (guint i = 0; i < settings->accounts->len; i++)
    est_account_values_add (g_ptr_array_index (settings->accounts, i), &list);
  est_bus_accounts1_complete_list (skeleton, invocation, g_variant_builder_end (&list));
  return TRUE;
}

static guint
keyring_limit (EstAccountsObject *object)
{
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  return settings->delivery.keyring_seconds;
}

static gboolean
store_secret (EstAccountsObject *object,
              const EstCredential *credential,
              EstSecret *secret,
              GError **error)
{
  return secret == NULL
         || est_credentials_store (object->credentials, credential, secret,
                                   keyring_limit (object), error);
}

static gboolean
exists (EstAccountsObject *object, const char *name)
{
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  return est_settings_find (settings, name) != NULL;
}

static gboolean
add_to_settings (gpointer data, GError **error)
{
  Change *change = data;
  return est_accounts_add (change->object->accounts, change->name, change->values, error);
}

static gboolean
add_account (EstAccountsObject *object,
             const char *name,
             GVariant *values,
             EstSecret *secret,
             GError **error)
{
  g_autoptr (GHashTable) table
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Change change = {object, name, table};
  if (!est_account_values_take (values, table, error))
    return FALSE;
  if (exists (object, name))
    {
      g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME,
                   "there is an account called \"%s\" already", name);
      return FALSE;
    }
  const EstCredential credential
    = {name, EST_CREDENTIAL_PASSWORD, g_hash_table_lookup (table, "host"),
       g_hash_table_lookup (table, "user")};
  if (!est_accounts_can_add (object->accounts, name, table, error)
      || !store_secret (object, &credential, secret, error))
    return FALSE;
  if (est_main_loop_run (add_to_settings, &change, error))
    return TRUE;
  if (secret != NULL)
    est_credentials_remove (object->credentials, name, EST_CREDENTIAL_PASSWORD,
                            keyring_limit (object), NULL);
  return FALSE;
}

static gboolean
on_add (EstBusAccounts1 *skeleton,
        GDBusMethodInvocation *invocation,
        GUnixFDList *list,
        const char *name,
        GVariant *values,
        GVariant *handle,
        EstAccountsObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret = NULL;
  if (est_secret_receive (list, handle, &secret, &error)
      && add_account (object, name, values, secret, &error))
    est_bus_accounts1_complete_add (skeleton, invocation, NULL);
  else
    return_error (invocation, error);
  return TRUE;
}

/* Only this account is tried again. */
static gboolean
wake_account (gpointer data, GError **error)
{
  Change *change = data;
  est_dispatcher_wake (change->object->dispatcher, EST_WAKEUP_PERSON, change->name);
  return TRUE;
}

static gboolean
set_secret (EstAccountsObject *object,
            const char *name,
            EstSecret *secret,
            GError **error)
{
  Change change = {.object = object, .name = name};
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  const EstAccount *account = est_settings_find (settings, name);
  const EstCredential credential
    = {name, EST_CREDENTIAL_PASSWORD, account != NULL ? account->host : NULL,
       account != NULL ? account->user : NULL};
  if (!store_secret (object, &credential, secret, error))
    return FALSE;
  return est_main_loop_run (wake_account, &change, error);
}

static gboolean
edit_settings (gpointer data, GError **error)
{
  Change *change = data;
  return est_accounts_edit (change->object->accounts, change->name, change->values,
                            error);
}

/* The new value of @key, or @now. */
static const char *
becomes (GHashTable *table, const char *key, const char *now)
{
  const char *value = g_hash_table_lookup (table, key);
  return value != NULL && *value != '\0' ? value : now;
}

static gboolean
moves (const EstAccount *account, GHashTable *table)
{
  return g_ascii_strcasecmp (becomes (table, "host", account->host), account->host) != 0;
}

static gboolean
has_oauth (GHashTable *table)
{
  gpointer key;
  GHashTableIter iterator;
  g_hash_table_iter_init (&iterator, table);
  while (g_hash_table_iter_next (&iterator, &key, NULL))
    if (g_str_has_prefix (key, "oauth-"))
      return TRUE;
  return FALSE;
}

/* A token that was given for one server goes to no other one because of a word on the
   bus. */
static gboolean
keeps_its_page (const EstAccount *account, GHashTable *table, GError **error)
{
  if (!est_account_uses_grant (account) || !(moves (account, table) || has_oauth (table)))
    return TRUE;
  g_set_error_literal (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
                       "host and oauth-... of an account that signs in at a web page can "
                       "be set only by hand in estafeta.conf");
  return FALSE;
}

/* Nor does a password. */
static gboolean
needs_secret (const EstAccount *account, GHashTable *table)
{
  static const char *const others[] = {"none", "EXTERNAL", "GSSAPI", NULL};
  return moves (account, table) && !est_account_uses_token (account)
         && account->password_command == NULL && !g_strv_contains (others, account->auth);
}

static gboolean
edit_account (EstAccountsObject *object,
              const EstAccount *account,
              GHashTable *table,
              EstSecret *secret,
              GError **error)
{
  Change change = {object, account->name, table};
  const EstCredential credential
    = {account->name, EST_CREDENTIAL_PASSWORD, becomes (table, "host", account->host),
       becomes (table, "user", account->user)};
  return keeps_its_page (account, table, error)
         && est_accounts_can_edit (object->accounts, account->name, table, error)
         && store_secret (object, &credential, secret, error)
         && est_main_loop_run (edit_settings, &change, error)
         && est_main_loop_run (wake_account, &change, error);
}

static void
return_no_such_account (GDBusMethodInvocation *invocation, const char *name)
{
  g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_NO_SUCH_ACCOUNT,
                                              name);
}

/* Its password and its keys are its own service's. */
static gboolean
is_online (EstAccountsObject *object, const char *name)
{
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  const EstAccount *account = est_settings_find (settings, name);
  return account != NULL && account->online != NULL;
}

static gboolean
on_set_secret (EstBusAccounts1 *skeleton,
               GDBusMethodInvocation *invocation,
               GUnixFDList *list,
               const char *name,
               GVariant *handle,
               EstAccountsObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret = NULL;
  if (!exists (object, name))
    return_no_such_account (invocation, name);
  else if (is_online (object, name))
    g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_ONLINE, name);
  else if (est_secret_receive (list, handle, &secret, &error)
           && set_secret (object, name, secret, &error))
    est_bus_accounts1_complete_set_secret (skeleton, invocation, NULL);
  else
    return_error (invocation, error);
  return TRUE;
}

static gboolean
on_edit (EstBusAccounts1 *skeleton,
         GDBusMethodInvocation *invocation,
         GUnixFDList *list,
         const char *name,
         GVariant *values,
         GVariant *handle,
         EstAccountsObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret = NULL;
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  g_autoptr (GHashTable) table
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const EstAccount *account = est_settings_find (settings, name);
  if (account == NULL)
    return_no_such_account (invocation, name);
  else if (account->online != NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_ONLINE, name);
  else if (!est_account_values_take (values, table, &error)
           || !est_secret_receive (list, handle, &secret, &error))
    return_error (invocation, error);
  else if (secret == NULL && needs_secret (account, table))
    g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_SECRET_NEEDED,
                                                name);
  else if (edit_account (object, account, table, secret, &error))
    est_bus_accounts1_complete_edit (skeleton, invocation, NULL);
  else
    return_error (invocation, error);
  return TRUE;
}

static gboolean
on_unlock (EstBusAccounts1 *skeleton,
           GDBusMethodInvocation *invocation,
           EstAccountsObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  EstLeaving *leaving = est_leaving_watch (invocation, cancellable);
  gboolean open = est_credentials_unlock (object->credentials, cancellable, &error);
  est_leaving_free (leaving);
  if (open)
    est_bus_accounts1_complete_unlock (skeleton, invocation);
  else
    return_error (invocation, error);
  return TRUE;
}

static gboolean
remove_from_settings (gpointer data, GError **error)
{
  Change *change = data;
  return est_accounts_remove (change->object->accounts, change->name, error);
}

/* A password that stays behind in a locked keyring does no harm: the account is gone all
   the same. */
static gboolean
on_remove (EstBusAccounts1 *skeleton,
           GDBusMethodInvocation *invocation,
           const char *name,
           EstAccountsObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) keyring_error = NULL;
  Change change = {.object = object, .name = name};
  if (!exists (object, name))
    return_no_such_account (invocation, name);
  else if (!est_main_loop_run (remove_from_settings, &change, &error))
    return_error (invocation, error);
  else
    {
      if (!est_credentials_remove (object->credentials, name, EST_CREDENTIAL_ANY,
                                   keyring_limit (object), &keyring_error))
        g_message ("the password of %s stays in the keyring: %s", name,
                   keyring_error->message);
      est_bus_accounts1_complete_remove (skeleton, invocation);
    }
  return TRUE;
}

/* Answers after a decision about the account's relay, of which @good says how it went. */
static gboolean
finish_decision (EstAccountsObject *object,
                 GDBusMethodInvocation *invocation,
                 const char *name,
                 gboolean good,
                 GError *error)
{
  g_autoptr (GError) taken = error;
  Change change = {.object = object, .name = name};
  if (good && est_main_loop_run (wake_account, &change, &taken))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    return_error (invocation, taken);
  return TRUE;
}

static gboolean
on_trust (EstBusAccounts1 *skeleton,
          GDBusMethodInvocation *invocation,
          const char *name,
          const char *pin,
          EstAccountsObject *object)
{
  GError *error = NULL;
  if (!exists (object, name))
    {
      return_no_such_account (invocation, name);
      return TRUE;
    }
  gboolean good
    = est_relay_trust_pin (object->outbox, object->accounts, name, pin, &error);
  return finish_decision (object, invocation, name, good, error);
}

static gboolean
on_accept (EstBusAccounts1 *skeleton,
           GDBusMethodInvocation *invocation,
           const char *name,
           EstAccountsObject *object)
{
  GError *error = NULL;
  if (!exists (object, name))
    {
      return_no_such_account (invocation, name);
      return TRUE;
    }
  gboolean good = est_relay_trust_accept (object->outbox, object->accounts, name, &error);
  return finish_decision (object, invocation, name, good, error);
}

/* Answers when the test is through. */
static gboolean
on_test (EstBusAccounts1 *skeleton,
         GDBusMethodInvocation *invocation,
         const char *name,
         EstAccountsObject *object)
{
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  EstAccount *account = est_settings_find (settings, name);
  if (account == NULL)
    return_no_such_account (invocation, name);
  else
    est_account_tests_run (object->tests, invocation, account, object->credentials, TRUE);
  return TRUE;
}

/* It must not be one there is: what a server once could is remembered by it. */
static char *
make_trial_name (EstAccountsObject *object)
{
  for (guint number = 0;; number++)
    {
      g_autofree char *name
        = number == 0 ? g_strdup ("trial") : g_strdup_printf ("trial-%u", number);
      if (!exists (object, name))
        return g_steal_pointer (&name);
    }
}

/* The name is said where a sign-in at a web page has kept something under it. */
static char *
take_name (EstAccountsObject *object, GHashTable *table)
{
  g_autofree char *name = g_strdup (g_hash_table_lookup (table, "name"));
  g_hash_table_remove (table, "name");
  return name != NULL && !exists (object, name) ? g_steal_pointer (&name)
                                                : make_trial_name (object);
}

static EstAccount *
make_account (EstAccountsObject *object, GVariant *values, GError **error)
{
  g_autoptr (GHashTable) table
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!est_account_values_take (values, table, error))
    return NULL;
  g_autofree char *name = take_name (object, table);
  return est_settings_make_account (name, table, error);
}

static gboolean
on_test_values (EstBusAccounts1 *skeleton,
                GDBusMethodInvocation *invocation,
                GUnixFDList *list,
                GVariant *values,
                GVariant *handle,
                EstAccountsObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret = NULL;
  g_autoptr (EstAccount) account = NULL;
  if (est_secret_receive (list, handle, &secret, &error))
    account = make_account (object, values, &error);
  if (account == NULL)
    {
      return_error (invocation, error);
      return TRUE;
    }
  g_autoptr (EstCredentials) credentials = est_account_uses_grant (account)
                                             ? g_object_ref (object->credentials)
                                             : est_credentials_new_given (secret);
  est_account_tests_run (object->tests, invocation, account, credentials, FALSE);
  return TRUE;
}

static void
clear_object (gpointer data)
{
  EstAccountsObject *object = data;
  est_account_tests_free (object->tests);
  g_object_unref (object->skeleton);
  g_object_unref (object->accounts);
  g_object_unref (object->credentials);
  g_object_unref (object->dispatcher);
  g_object_unref (object->outbox);
}

static void
release (gpointer object, GClosure *closure)
{
  g_atomic_rc_box_release_full (object, clear_object);
}

static const EstMethod methods[] = {
  {"handle-list",        G_CALLBACK (on_list)       },
  {"handle-add",         G_CALLBACK (on_add)        },
  {"handle-edit",        G_CALLBACK (on_edit)       },
  {"handle-set-secret",  G_CALLBACK (on_set_secret) },
  {"handle-unlock",      G_CALLBACK (on_unlock)     },
  {"handle-remove",      G_CALLBACK (on_remove)     },
  {"handle-trust",       G_CALLBACK (on_trust)      },
  {"handle-accept",      G_CALLBACK (on_accept)     },
  {"handle-test",        G_CALLBACK (on_test)       },
  {"handle-test-values", G_CALLBACK (on_test_values)},
};

EstAccountsObject *
est_accounts_object_new (const EstBusServices *services)
{
  EstAccountsObject *object = g_atomic_rc_box_new0 (EstAccountsObject);
  object->skeleton = est_bus_accounts1_skeleton_new ();
  object->accounts = g_object_ref (services->accounts);
  object->credentials = g_object_ref (services->credentials);
  object->dispatcher = g_object_ref (services->dispatcher);
  object->outbox = g_object_ref (services->outbox);
  object->tests = est_account_tests_new (services);
  est_methods_connect (G_DBUS_INTERFACE_SKELETON (object->skeleton), methods,
                       G_N_ELEMENTS (methods), object, release);
  return object;
}

void
est_accounts_object_free (EstAccountsObject *object)
{
  g_signal_handlers_disconnect_by_data (object->skeleton, object);
  release (object, NULL);
}

GDBusInterfaceSkeleton *
est_accounts_object_skeleton (EstAccountsObject *object)
{
  return G_DBUS_INTERFACE_SKELETON (object->skeleton);
}
