/* A session of the Secret Service lives as long as our bus connection, so that one for
   each look-up would pile up in the service; and libsecret notices a new service only
   while a main loop runs. So one is kept for as long as its owner is the same. */
#include "account/keyring-service.h"

#define SERVICE_NAME "org.freedesktop.secrets"

struct EstKeyringService
{
  GMutex mutex;
  SecretService *service; /* NULL: none yet */
  char *owner;            /* the unique bus name it was opened with */
};

EstKeyringService *
est_keyring_service_new (void)
{
  EstKeyringService *self = g_new0 (EstKeyringService, 1);
  g_mutex_init (&self->mutex);
  return self;
}

void
est_keyring_service_free (EstKeyringService *self)
{
  g_clear_object (&self->service);
  g_free (self->owner);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

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

/* The unique name of the service, NULL if it does not run. */
static char *
get_owner (GDBusConnection *bus, GCancellable *cancellable)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "GetNameOwner", g_variant_new ("(s)", SERVICE_NAME), G_VARIANT_TYPE ("(s)"),
    G_DBUS_CALL_FLAGS_NONE, -1, cancellable, NULL);
  char *owner = NULL;
  if (answer != NULL)
    g_variant_get (answer, "(s)", &owner);
  return owner;
}

static SecretService *
take_kept (EstKeyringService *self, const char *owner)
{
  g_mutex_lock (&self->mutex);
  gboolean same = self->service != NULL && g_strcmp0 (owner, self->owner) == 0;
  SecretService *service = same ? g_object_ref (self->service) : NULL;
  g_mutex_unlock (&self->mutex);
  return service;
}

static void
keep (EstKeyringService *self, SecretService *service, const char *owner)
{
  g_mutex_lock (&self->mutex);
  g_set_object (&self->service, service);
  g_free (self->owner);
  self->owner = g_strdup (owner);
  g_mutex_unlock (&self->mutex);
}

/* Starts the service where it can be activated. */
static SecretService *
open_service (GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretService) service = secret_service_open_sync (
    SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION, cancellable, error);
  if (service == NULL)
    return NULL;
  /* libsecret falls back to this by itself; every bus monitor would read the password. */
  if (g_strcmp0 (secret_service_get_session_algorithms (service), "plain") != 0)
    return g_steal_pointer (&service);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "it hands passwords over without encryption");
  return NULL;
}

SecretService *
est_keyring_service_get (EstKeyringService *self,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GDBusConnection) bus = get_bus (cancellable, error);
  if (bus == NULL)
    return NULL;

  g_autofree char *owner = get_owner (bus, cancellable);
  SecretService *kept = owner != NULL ? take_kept (self, owner) : NULL;
  if (kept != NULL)
    return kept;

  g_autoptr (SecretService) service = open_service (cancellable, error);
  if (service == NULL)
    return NULL;
  /* Asked before the session was opened, the name may be that of its predecessor: then
     the next look-up opens another one, which does no harm. */
  if (owner != NULL)
    keep (self, service, owner);
  return g_steal_pointer (&service);
}
