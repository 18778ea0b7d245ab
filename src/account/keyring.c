/* Found, missing, locked and out of reach look alike in libsecret's simple calls: a
   locked keyring answers as if it were empty. So the item is searched for without
   unlocking, and what is not found is asked for again at the keyring's lock. */
#include "account/keyring.h"
#include "account/credentials.h"
#include "account/keyring-items.h"
#include "account/keyring-service.h"

struct EstKeyring
{
  EstKeyringService *service;
};

EstKeyring *
est_keyring_new (void)
{
  EstKeyring *keyring = g_new0 (EstKeyring, 1);
  keyring->service = est_keyring_service_new ();
  return keyring;
}

void
est_keyring_free (EstKeyring *keyring)
{
  est_keyring_service_free (keyring->service);
  g_free (keyring);
}

static gboolean
fail (GError **error, EstCredentialsError code, const char *message)
{
  g_set_error_literal (error, EST_CREDENTIALS_ERROR, code, message);
  return FALSE;
}

/* Takes @problem; what GIO and libsecret say becomes one of our situations. */
static gboolean
translate (GError *problem, GError **error)
{
  g_autoptr (GError) local = problem;
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (g_error_matches (local, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "the keyring is locked");
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return fail (error, EST_CREDENTIALS_ERROR_TIMED_OUT, "the keyring does not answer");

  g_dbus_error_strip_remote_error (local);
  g_autofree char *message = g_strdup_printf ("the keyring: %s", local->message);
  return fail (error, EST_CREDENTIALS_ERROR_UNAVAILABLE, message);
}

/* @service gets the service that was asked, NULL if there is none. */
static EstKeyringItems *
search (EstKeyring *keyring,
        const char *account,
        EstCredentialKind kind,
        SecretService **service,
        GCancellable *cancellable,
        GError **error)
{
  *service = est_keyring_service_get (keyring->service, cancellable, error);
  if (*service == NULL)
    return NULL;
  return est_keyring_items_search (*service, account, kind, cancellable, error);
}

static EstSecret *
read_item (SecretItem *item, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (!secret_item_load_secret_sync (item, cancellable, &local))
    {
      translate (g_steal_pointer (&local), error);
      return NULL;
    }
  g_autoptr (SecretValue) value = secret_item_get_secret (item);
  gsize length = 0;
  const char *text = value != NULL ? secret_value_get (value, &length) : NULL;
  if (length > 0)
    return est_secret_new (text, (gssize) length);
  fail (error, EST_CREDENTIALS_ERROR_MISSING, "the item in the keyring is empty");
  return NULL;
}

/* The keyring new items go to; NULL without error if there is none yet. */
static SecretCollection *
get_default (SecretService *service, GCancellable *cancellable, GError **error)
{
  return secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT,
                                           SECRET_COLLECTION_NONE, cancellable, error);
}

/* Nothing was found: behind a lock there may be something all the same. */
static gboolean
explain_nothing (SecretService *service, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretCollection) collection = get_default (service, cancellable, &local);
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  if (collection != NULL && secret_collection_get_locked (collection))
    return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "the keyring is locked");
  return fail (error, EST_CREDENTIALS_ERROR_MISSING,
               "the keyring has no password for this account");
}

EstSecret *
est_keyring_lookup (EstKeyring *keyring,
                    const char *account,
                    EstCredentialKind kind,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretService) service = NULL;
  g_autoptr (EstKeyringItems) items
    = search (keyring, account, kind, &service, cancellable, &local);
  SecretItem *item = est_keyring_items_newest (items);
  if (item != NULL)
    return read_item (item, cancellable, error);

  if (local != NULL)
    translate (g_steal_pointer (&local), error);
  else if (items != NULL)
    fail (error, EST_CREDENTIALS_ERROR_LOCKED, "the keyring is locked");
  else
    explain_nothing (service, cancellable, error);
  return NULL;
}

static gboolean
unlock (SecretService *service,
        SecretCollection *collection,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GList) locked = g_list_prepend (NULL, collection);
  gint count = secret_service_unlock_sync (service, locked, cancellable, NULL, &local);
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  return count > 0
         || fail (error, EST_CREDENTIALS_ERROR_DISMISSED,
                  "the keyring stays locked: its dialog was closed");
}

gboolean
est_keyring_unlock (EstKeyring *keyring, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretCollection) collection = NULL;
  g_autoptr (SecretService) service
    = est_keyring_service_get (keyring->service, cancellable, &local);
  if (service != NULL)
    collection = get_default (service, cancellable, &local);
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  return collection == NULL || !secret_collection_get_locked (collection)
         || unlock (service, collection, cancellable, error);
}

/* Where there is no keyring yet, libsecret has the service make one, with its own
   dialog. */
static gboolean
store_in_first_keyring (SecretService *service,
                        const char *label,
                        GHashTable *attributes,
                        SecretValue *value,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GError) local = NULL;
  if (secret_service_store_sync (service, &est_keyring_schema, attributes,
                                 SECRET_COLLECTION_DEFAULT, label, value, cancellable,
                                 &local))
    return TRUE;
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "no keyring was made");
}

/* Unlike secret_service_store_sync(), this never unlocks. */
static SecretItem *
create (SecretCollection *collection,
        const char *label,
        GHashTable *attributes,
        SecretValue *value,
        GCancellable *cancellable,
        GError **error)
{
  return secret_item_create_sync (collection, &est_keyring_schema, attributes, label,
                                  value, SECRET_ITEM_CREATE_REPLACE, cancellable, error);
}

/* The new item is there: what it replaces may go. One that cannot go is older, and no
   look-up takes it. */
static void
remove_older (SecretService *service,
              const EstCredential *credential,
              SecretItem *kept,
              GCancellable *cancellable)
{
  const char *path = g_dbus_proxy_get_object_path (G_DBUS_PROXY (kept));
  g_autoptr (EstKeyringItems) items = est_keyring_items_search (
    service, credential->account, credential->kind, cancellable, NULL);
  for (GList *l = items; l != NULL; l = l->next)
    if (!g_str_equal (g_dbus_proxy_get_object_path (l->data), path)
        && !secret_item_get_locked (l->data))
      secret_item_delete_sync (l->data, cancellable, NULL);
}

static char *
make_label (const EstCredential *credential)
{
  return g_strdup_printf (credential->kind == EST_CREDENTIAL_REFRESH_TOKEN
                            ? "Estafeta: %s (sign-in)"
                            : "Estafeta: %s",
                          credential->account);
}

static gboolean
store_in (SecretCollection *collection,
          SecretService *service,
          const EstCredential *credential,
          SecretValue *value,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *label = make_label (credential);
  g_autoptr (GHashTable) attributes = est_keyring_items_attributes (credential);
  if (collection == NULL)
    return store_in_first_keyring (service, label, attributes, value, cancellable, error);
  g_autoptr (SecretItem) item
    = create (collection, label, attributes, value, cancellable, &local);
  if (item == NULL)
    return translate (g_steal_pointer (&local), error);
  remove_older (service, credential, item, cancellable);
  return TRUE;
}

gboolean
est_keyring_store (EstKeyring *keyring,
                   const EstCredential *credential,
                   EstSecret *secret,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretService) service
    = est_keyring_service_get (keyring->service, cancellable, &local);
  g_autoptr (SecretCollection) collection
    = service != NULL ? get_default (service, cancellable, &local) : NULL;
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  if (collection != NULL && secret_collection_get_locked (collection))
    return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "the keyring is locked");

  g_autoptr (SecretValue) value
    = secret_value_new (est_secret_peek (secret), -1, "text/plain");
  return store_in (collection, service, credential, value, cancellable, error);
}

gboolean
est_keyring_remove (EstKeyring *keyring,
                    const char *account,
                    EstCredentialKind kind,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretService) service = NULL;
  g_autoptr (EstKeyringItems) items
    = search (keyring, account, kind, &service, cancellable, &local);
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);

  for (GList *l = items; l != NULL; l = l->next)
    {
      if (secret_item_get_locked (l->data))
        return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "the keyring is locked");
      if (!secret_item_delete_sync (l->data, cancellable, &local))
        return translate (g_steal_pointer (&local), error);
    }
  return TRUE;
}
