/* Found, missing, locked and out of reach look alike in libsecret's simple calls: a
   locked keyring answers as if it were empty. So the item is searched for without
   unlocking, and what is not found is asked for again at the keyring's lock. */
#include "account/keyring.h"
#include "account/credentials.h"
#include "account/keyring-service.h"

struct EstKeyring
{
  EstKeyringService *service;
};

/* Matched by attributes alone: with its name in the query gnome-keyring finds nothing
   while it is locked. */
static const SecretSchema schema = {
  "org.estafeta.Account",
  SECRET_SCHEMA_DONT_MATCH_NAME,
  {{"application", SECRET_SCHEMA_ATTRIBUTE_STRING},
    {"account", SECRET_SCHEMA_ATTRIBUTE_STRING},
    {NULL, 0}},
};

typedef GList Items; /* of SecretItem */

static void
items_free (Items *items)
{
  g_list_free_full (items, g_object_unref);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Items, items_free)

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

static GHashTable *
attributes_of (const char *account)
{
  return secret_attributes_build (&schema, "application", "estafeta", "account", account,
                                  NULL);
}

/* All items of the account, locked or not; no error and NULL if there is none. @service
   gets the service that was asked, NULL if there is none. */
static Items *
search (EstKeyring *keyring,
        const char *account,
        SecretService **service,
        GCancellable *cancellable,
        GError **error)
{
  *service = est_keyring_service_get (keyring->service, cancellable, error);
  if (*service == NULL)
    return NULL;
  g_autoptr (GHashTable) attributes = attributes_of (account);
  return secret_service_search_sync (*service, &schema, attributes, SECRET_SEARCH_ALL,
                                     cancellable, error);
}

static SecretItem *
first_open (Items *items)
{
  for (; items != NULL; items = items->next)
    if (!secret_item_get_locked (items->data))
      return items->data;
  return NULL;
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
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretService) service = NULL;
  g_autoptr (Items) items = search (keyring, account, &service, cancellable, &local);
  SecretItem *item = first_open (items);
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
  if (secret_service_store_sync (service, &schema, attributes, SECRET_COLLECTION_DEFAULT,
                                 label, value, cancellable, &local))
    return TRUE;
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "no keyring was made");
}

gboolean
est_keyring_store (EstKeyring *keyring,
                   const char *account,
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

  g_autoptr (GHashTable) attributes = attributes_of (account);
  g_autoptr (SecretValue) value
    = secret_value_new (est_secret_peek (secret), -1, "text/plain");
  g_autofree char *label = g_strdup_printf ("Estafeta: %s", account);
  if (collection == NULL)
    return store_in_first_keyring (service, label, attributes, value, cancellable, error);

  /* Unlike secret_service_store_sync(), this never unlocks. */
  g_autoptr (SecretItem) item
    = secret_item_create_sync (collection, &schema, attributes, label, value,
                               SECRET_ITEM_CREATE_REPLACE, cancellable, &local);
  return item != NULL || translate (g_steal_pointer (&local), error);
}

gboolean
est_keyring_remove (EstKeyring *keyring,
                    const char *account,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretService) service = NULL;
  g_autoptr (Items) items = search (keyring, account, &service, cancellable, &local);
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
