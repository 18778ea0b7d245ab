/* The methods of org.estafeta.SignIn1, in GDBus's threads. */
#include "desktop/sign-in-object.h"

#include "desktop/account-values.h"
#include "desktop/methods.h"
#include "desktop/sign-ins.h"
#include "interface/names.h"

struct EstSignInObject
{
  EstBusSignIn1 *skeleton;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstSignIns *sign_ins;
};

static void
return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  const EstErrorName names[] = {
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,  EST_BUS_ERROR_SETTINGS},
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_SYNTAX, EST_BUS_ERROR_SETTINGS},
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME,   EST_BUS_ERROR_SETTINGS},
  };
  est_methods_return_error (invocation, names, G_N_ELEMENTS (names), error);
}

static EstAccount *
make_account (const char *name, GVariant *values, GError **error)
{
  g_autoptr (GHashTable) table
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return est_account_values_take (values, table, error)
           ? est_settings_make_account (name, table, error)
           : NULL;
}

static gboolean
can_sign_in (const EstAccount *account, GError **error)
{
  if (est_account_uses_grant (account))
    return TRUE;
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
               "[account %s] does not sign in at a web page: it has no oauth-issuer.",
               account->name);
  return FALSE;
}

static void
begin (EstSignInObject *object,
       GDBusMethodInvocation *invocation,
       EstAccount *account,
       gboolean known,
       const char *method)
{
  g_autoptr (GVariant) prompt = NULL;
  const EstSignInWish wish = {.account = account,
                              .known = known,
                              .by_code = g_str_equal (method, "device"),
                              .caller = invocation};
  g_autofree char *id = est_sign_ins_begin (object->sign_ins, &wish, &prompt);
  est_bus_sign_in1_complete_begin (object->skeleton, invocation, id != NULL ? id : "",
                                   prompt);
}

static gboolean
on_begin (EstBusSignIn1 *skeleton,
          GDBusMethodInvocation *invocation,
          const char *name,
          GVariant *values,
          const char *method,
          EstSignInObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  EstAccount *known = est_settings_find (settings, name);
  g_autoptr (EstAccount) account
    = known != NULL ? est_account_ref (known) : make_account (name, values, &error);
  if (known != NULL && known->online != NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_ONLINE, name);
  else if (account == NULL || !can_sign_in (account, &error))
    return_error (invocation, error);
  else
    begin (object, invocation, account, known != NULL, method);
  return TRUE;
}

static gboolean
on_finish (EstBusSignIn1 *skeleton,
           GDBusMethodInvocation *invocation,
           const char *id,
           EstSignInObject *object)
{
  g_autoptr (GVariant) result = est_sign_ins_finish (object->sign_ins, id);
  if (result != NULL)
    est_bus_sign_in1_complete_finish (skeleton, invocation, result);
  else
    g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_NO_SUCH_SIGN_IN,
                                                id);
  return TRUE;
}

static gboolean
on_cancel (EstBusSignIn1 *skeleton,
           GDBusMethodInvocation *invocation,
           const char *id,
           EstSignInObject *object)
{
  est_sign_ins_cancel (object->sign_ins, id);
  est_bus_sign_in1_complete_cancel (skeleton, invocation);
  return TRUE;
}

static gboolean
on_forget (EstBusSignIn1 *skeleton,
           GDBusMethodInvocation *invocation,
           const char *name,
           EstSignInObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  if (est_settings_find (settings, name) != NULL
      || est_credentials_remove (object->credentials, name, EST_CREDENTIAL_REFRESH_TOKEN,
                                 settings->delivery.keyring_seconds, &error))
    est_bus_sign_in1_complete_forget (skeleton, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return TRUE;
}

static void
clear_object (gpointer data)
{
  EstSignInObject *object = data;
  g_object_unref (object->skeleton);
  g_object_unref (object->accounts);
  g_object_unref (object->credentials);
  est_sign_ins_unref (object->sign_ins);
}

static void
release (gpointer object, GClosure *closure)
{
  g_atomic_rc_box_release_full (object, clear_object);
}

static const EstMethod methods[] = {
  {"handle-begin",  G_CALLBACK (on_begin) },
  {"handle-finish", G_CALLBACK (on_finish)},
  {"handle-cancel", G_CALLBACK (on_cancel)},
  {"handle-forget", G_CALLBACK (on_forget)},
};

EstSignInObject *
est_sign_in_object_new (const EstBusServices *services)
{
  EstSignInObject *object = g_atomic_rc_box_new0 (EstSignInObject);
  object->skeleton = est_bus_sign_in1_skeleton_new ();
  object->accounts = g_object_ref (services->accounts);
  object->credentials = g_object_ref (services->credentials);
  object->sign_ins = est_sign_ins_ref (services->sign_ins);
  est_methods_connect (G_DBUS_INTERFACE_SKELETON (object->skeleton), methods,
                       G_N_ELEMENTS (methods), object, release);
  return object;
}

void
est_sign_in_object_free (EstSignInObject *object)
{
  g_signal_handlers_disconnect_by_data (object->skeleton, object);
  release (object, NULL);
}

GDBusInterfaceSkeleton *
est_sign_in_object_skeleton (EstSignInObject *object)
{
  return G_DBUS_INTERFACE_SKELETON (object->skeleton);
}
