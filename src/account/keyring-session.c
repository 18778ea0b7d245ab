/* libsecret's objects hear signals on the main context they were made in, and are not
   made for a service that goes and comes back while another thread uses them. So each
   errand has a context and a session of its own, which end with it: the daemon's main
   loop hears nothing of them, a service that was started anew is simply found, and none
   of our sessions pile up in one that stays. It costs one key exchange. */

/* For the path of a session, so that it can be closed, and for what it encodes. */
#define SECRET_WITH_UNSTABLE
#define SECRET_API_SUBJECT_TO_CHANGE
#include "account/keyring-session.h"
#include "account/keyring-prompt.h"

#define TRIES 3

struct EstKeyringSession
{
  GMainContext *context;
  SecretService *service;
  char *owner; /* its unique bus name */
};

/* All who ask for the bus at once share one attempt, and one of them may have called it
   off: that is not our answer. */
static gboolean
was_called_off_by_another (const GError *error, GCancellable *cancellable)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         && !g_cancellable_is_cancelled (cancellable);
}

static GDBusConnection *
get_bus (GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, &local);
  if (bus == NULL && was_called_off_by_another (local, cancellable))
    {
      g_clear_error (&local);
      bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, &local);
    }
  if (bus != NULL) /* the outbox goes on when the session ends */
    g_dbus_connection_set_exit_on_close (bus, FALSE);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return bus;
}

static EstKeyringSession *
begin (void)
{
  EstKeyringSession *session = g_new0 (EstKeyringSession, 1);
  session->context = g_main_context_new ();
  g_main_context_push_thread_default (session->context);
  return session;
}

/* libsecret falls back to this by itself; every bus monitor would read the password. */
static gboolean
is_plain (SecretService *service)
{
  return g_strcmp0 (secret_service_get_session_algorithms (service), "plain") == 0;
}

/* KWallet refuses a public key that begins with a zero, which libsecret shortens: one key
   in 256. */
static SecretService *
open_service (GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  SecretService *service = NULL;
  for (int i = 0; i < TRIES && service == NULL; i++)
    {
      g_clear_error (&local);
      service = secret_service_open_sync (
        SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION, cancellable, &local);
      if (!g_error_matches (local, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS))
        break;
    }
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return service;
}

EstKeyringSession *
est_keyring_session_open (GCancellable *cancellable, GError **error)
{
  /* Before the context is ours: the bus is everybody's, and stays. */
  g_autoptr (GDBusConnection) bus = get_bus (cancellable, error);
  if (bus == NULL)
    return NULL;

  g_autoptr (EstKeyringSession) session = begin ();
  session->service = open_service (cancellable, error);
  if (session->service == NULL)
    return NULL;
  session->owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (session->service));
  if (session->owner == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "it has ended");
  else if (is_plain (session->service))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         "it hands passwords over without encryption");
  else
    return g_steal_pointer (&session);
  return NULL;
}

SecretService *
est_keyring_session_get_service (EstKeyringSession *session)
{
  return session->service;
}

GVariant *
est_keyring_session_call (EstKeyringSession *session,
                          const EstKeyringMethod *method,
                          GVariant *arguments,
                          GCancellable *cancellable,
                          GError **error)
{
  GDBusProxy *proxy = G_DBUS_PROXY (session->service);
  return g_dbus_connection_call_sync (
    g_dbus_proxy_get_connection (proxy), session->owner, method->object,
    method->interface, method->name, arguments, G_VARIANT_TYPE (method->answer),
    G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, cancellable, error);
}

/* The answer has what was made, if anything is, before its prompt. */
static char *
find_made (GVariant *answer)
{
  g_autoptr (GVariant) first = g_variant_get_child_value (answer, 0);
  gboolean made = g_variant_n_children (answer) > 1
                  && g_variant_is_of_type (first, G_VARIANT_TYPE_OBJECT_PATH);
  return made ? g_variant_dup_string (first, NULL) : NULL;
}

gboolean
est_keyring_session_do (EstKeyringSession *session,
                        const EstKeyringMethod *method,
                        GVariant *arguments,
                        char **made,
                        GCancellable *cancellable,
                        GError **error)
{
  GDBusConnection *bus = g_dbus_proxy_get_connection (G_DBUS_PROXY (session->service));
  const char *prompt;
  g_autoptr (GVariant) answer
    = est_keyring_session_call (session, method, arguments, cancellable, error);
  if (answer == NULL)
    return FALSE;
  g_variant_get_child (answer, g_variant_n_children (answer) - 1, "&o", &prompt);
  if (!g_str_equal (prompt, "/"))
    return est_keyring_prompt_run (bus, session->owner, prompt, made, cancellable, error);
  if (made != NULL)
    *made = find_made (answer);
  return TRUE;
}

GVariant *
est_keyring_session_encode (EstKeyringSession *session, SecretValue *value)
{
  return secret_service_encode_dbus_secret (session->service, value);
}

/* Does not wait: a service that is gone has no session of ours. */
static void
say_goodbye (EstKeyringSession *session)
{
  GDBusProxy *proxy = G_DBUS_PROXY (session->service);
  const char *path = secret_service_get_session_dbus_path (session->service);
  if (path != NULL && session->owner != NULL)
    g_dbus_connection_call (g_dbus_proxy_get_connection (proxy), session->owner, path,
                            "org.freedesktop.Secret.Session", "Close", NULL, NULL,
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

void
est_keyring_session_close (EstKeyringSession *session)
{
  if (session == NULL)
    return;
  if (session->service != NULL)
    say_goodbye (session);
  g_clear_object (&session->service);
  g_free (session->owner);
  while (g_main_context_iteration (session->context, FALSE))
    ;
  g_main_context_pop_thread_default (session->context);
  g_main_context_unref (session->context);
  g_free (session);
}
