/* A password is told without EnsureCredentials, which looks at the server for incoming
   mail too: that one may be down while mail can leave. A token is not: it may have run
   out, and only EnsureCredentials says whether the account is still good. */
#include "account/online-secret.h"
#include "account/credentials.h"

#define SERVICE "org.gnome.OnlineAccounts"
#define ACCOUNT SERVICE ".Account"

static GVariant *
call (const EstOnline *online,
      const char *interface,
      const char *method,
      GVariant *arguments,
      const char *type,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GVariant) taken
    = arguments != NULL ? g_variant_ref_sink (arguments) : NULL; /* also without a bus */
  g_autoptr (GDBusConnection) bus
    = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, error);
  if (bus == NULL)
    return NULL;
  return g_dbus_connection_call_sync (
    bus, SERVICE, online->path, interface, method, taken, G_VARIANT_TYPE (type),
    G_DBUS_CALL_FLAGS_NONE, G_MAXINT, cancellable, error);
}

static GVariant *
ask_for_token (const EstOnline *online, GCancellable *cancellable, GError **error)
{
  g_autoptr (GVariant) life
    = call (online, ACCOUNT, "EnsureCredentials", NULL, "(i)", cancellable, error);
  if (life == NULL)
    return NULL;
  return call (online, SERVICE ".OAuth2Based", "GetAccessToken", NULL, "(si)",
               cancellable, error);
}

static GVariant *
ask_for_password (const EstOnline *online, GCancellable *cancellable, GError **error)
{
  return call (online, SERVICE ".PasswordBased", "GetPassword",
               g_variant_new ("(s)", "smtp-password"), "(s)", cancellable, error);
}

static gboolean
needs_attention (const EstOnline *online, GCancellable *cancellable)
{
  gboolean needed = FALSE;
  g_autoptr (GVariant) inner = NULL;
  g_autoptr (GVariant) answer
    = call (online, "org.freedesktop.DBus.Properties", "Get",
            g_variant_new ("(ss)", ACCOUNT, "AttentionNeeded"), "(v)", cancellable, NULL);
  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(v)", &inner);
  return g_variant_is_of_type (inner, G_VARIANT_TYPE_BOOLEAN)
         && (g_variant_get (inner, "b", &needed), needed);
}

static gboolean
says_not_authorized (const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  return g_strcmp0 (name, SERVICE ".Error.NotAuthorized") == 0;
}

/* Takes @cause over. */
static void
explain (const EstOnline *online,
         GError *cause,
         GCancellable *cancellable,
         GError **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return;
    }
  gboolean sign_in = says_not_authorized (cause) || needs_attention (online, cancellable);
  g_dbus_error_strip_remote_error (cause);
  g_set_error (error, EST_CREDENTIALS_ERROR,
               sign_in ? EST_CREDENTIALS_ERROR_ONLINE_SIGN_IN
                       : EST_CREDENTIALS_ERROR_ONLINE,
               "GNOME Online Accounts: %s", cause->message);
  g_error_free (cause);
}

EstSecret *
est_online_secret_ask (const EstOnline *online, GCancellable *cancellable, GError **error)
{
  GError *cause = NULL;
  const char *told;
  if (online->needs_attention) /* with what it has, the provider refuses us too */
    {
      g_set_error_literal (error, EST_CREDENTIALS_ERROR,
                           EST_CREDENTIALS_ERROR_ONLINE_SIGN_IN,
                           "GNOME Online Accounts: the person must sign in again");
      return NULL;
    }
  g_autoptr (GVariant) answer = online->by_token
                                  ? ask_for_token (online, cancellable, &cause)
                                  : ask_for_password (online, cancellable, &cause);
  if (answer == NULL)
    {
      explain (online, cause, cancellable, error);
      return NULL;
    }
  g_variant_get_child (answer, 0, "&s", &told);
  return est_secret_new (told, -1);
}

void
est_online_secret_refused (const EstOnline *online)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (bus != NULL)
    g_dbus_connection_call (bus, SERVICE, online->path, ACCOUNT, "EnsureCredentials",
                            NULL, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL,
                            NULL);
}
