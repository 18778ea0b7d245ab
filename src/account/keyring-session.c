/* libsecret's objects hear signals on the main context they were made in, and are not
   made for a service that goes and comes back while another thread uses them. So each
   errand has a context and a session of its own, which end with it: the daemon's main
   loop hears nothing of them, a service that was started anew is simply found, and none
   of our sessions pile up in one that stays. It costs one key exchange. */
/* The path of a session, so that it can be closed. */
#define SECRET_WITH_UNSTABLE
#define SECRET_API_SUBJECT_TO_CHANGE
#include "account/keyring-session.h"

struct EstKeyringSession
{
  GMainContext *context;
  SecretService *service;
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

EstKeyringSession *
est_keyring_session_open (GCancellable *cancellable, GError **error)
{
  /* Before the context is ours: the bus is everybody's, and stays. */
  g_autoptr (GDBusConnection) bus = get_bus (cancellable, error);
  if (bus == NULL)
    return NULL;

  g_autoptr (EstKeyringSession) session = begin ();
  session->service = secret_service_open_sync (
    SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION, cancellable, error);
  if (session->service == NULL)
    return NULL;
  if (!is_plain (session->service))
    return g_steal_pointer (&session);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "it hands passwords over without encryption");
  return NULL;
}

SecretService *
est_keyring_session_get_service (EstKeyringSession *session)
{
  return session->service;
}

gboolean
est_keyring_session_is_shut (EstKeyringSession *session,
                             GCancellable *cancellable,
                             GError **error)
{
  if (!secret_service_load_collections_sync (session->service, cancellable, error))
    return FALSE;
  GList *collections = secret_service_get_collections (session->service);
  gboolean shut = collections != NULL;
  for (GList *l = collections; l != NULL; l = l->next)
    shut = shut && secret_collection_get_locked (l->data);
  g_list_free_full (collections, g_object_unref);
  return shut;
}

/* Does not wait: a service that is gone has no session of ours. */
static void
say_goodbye (SecretService *service)
{
  GDBusProxy *proxy = G_DBUS_PROXY (service);
  const char *path = secret_service_get_session_dbus_path (service);
  g_autofree char *owner = g_dbus_proxy_get_name_owner (proxy);
  if (path != NULL && owner != NULL)
    g_dbus_connection_call (g_dbus_proxy_get_connection (proxy), owner, path,
                            "org.freedesktop.Secret.Session", "Close", NULL, NULL,
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

void
est_keyring_session_close (EstKeyringSession *session)
{
  if (session == NULL)
    return;
  if (session->service != NULL)
    say_goodbye (session->service);
  g_clear_object (&session->service);
  while (g_main_context_iteration (session->context, FALSE))
    ;
  g_main_context_pop_thread_default (session->context);
  g_main_context_unref (session->context);
  g_free (session);
}
