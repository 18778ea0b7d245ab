/* Found, missing, locked and out of reach look alike in libsecret's simple calls: a
   locked keyring answers as if it were empty. So the item is searched for without
   unlocking, and what is not found is asked for again at the keyring's lock. */
#include "account/keyring.h"
#include "account/credentials.h"
#include "account/keyring-items.h"
#include "account/keyring-lock.h"
#include "account/keyring-session.h"

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

static EstKeyringItems *
search (EstKeyringSession *session,
        const char *account,
        EstCredentialKind kind,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (GError) local = NULL;
  if (est_keyring_lock_is_on_all (session, cancellable, &local))
    g_set_error_literal (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "locked");
  else if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    return est_keyring_items_search (est_keyring_session_get_service (session), account,
                                     kind, cancellable, error);
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
get_default (EstKeyringSession *session, GCancellable *cancellable, GError **error)
{
  return secret_collection_for_alias_sync (est_keyring_session_get_service (session),
                                           SECRET_COLLECTION_DEFAULT,
                                           SECRET_COLLECTION_NONE, cancellable, error);
}

/* Nothing was found: behind a lock there may be something all the same. */
static gboolean
explain_nothing (EstKeyringSession *session, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SecretCollection) collection = get_default (session, cancellable, &local);
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  if (collection != NULL && est_keyring_lock_is_on (session, collection, cancellable))
    return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "the keyring is locked");
  return fail (error, EST_CREDENTIALS_ERROR_MISSING,
               "the keyring has no password for this account");
}

EstSecret *
est_keyring_lookup (const char *account,
                    EstCredentialKind kind,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (EstKeyringSession) session = est_keyring_session_open (cancellable, &local);
  g_autoptr (EstKeyringItems) items
    = session != NULL ? search (session, account, kind, cancellable, &local) : NULL;
  SecretItem *item = est_keyring_items_newest (items);
  if (item != NULL)
    return read_item (item, cancellable, error);

  if (local != NULL)
    translate (g_steal_pointer (&local), error);
  else if (items != NULL)
    fail (error, EST_CREDENTIALS_ERROR_LOCKED, "the keyring is locked");
  else
    explain_nothing (session, cancellable, error);
  return NULL;
}

gboolean
est_keyring_is_locked (GCancellable *cancellable)
{
  g_autoptr (EstKeyringSession) session = est_keyring_session_open (cancellable, NULL);
  return session != NULL && est_keyring_lock_is_on_all (session, cancellable, NULL);
}

static gboolean
unlock (EstKeyringSession *session,
        SecretCollection *collection,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (GError) local = NULL;
  if (est_keyring_lock_take_off (session, collection, cancellable, &local))
    return TRUE;
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  return fail (error, EST_CREDENTIALS_ERROR_DISMISSED,
               "the keyring stays locked: its dialog was closed");
}

gboolean
est_keyring_unlock (GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (EstKeyringSession) session = est_keyring_session_open (cancellable, &local);
  g_autoptr (SecretCollection) collection
    = session != NULL ? get_default (session, cancellable, &local) : NULL;
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  return collection == NULL || !est_keyring_lock_is_on (session, collection, cancellable)
         || unlock (session, collection, cancellable, error);
}

/* The new item is there: what it replaces may go. One that cannot go is older, and no
   look-up takes it. */
static void
remove_older (EstKeyringSession *session,
              const EstCredential *credential,
              const char *kept,
              GCancellable *cancellable)
{
  g_autoptr (EstKeyringItems) items
    = est_keyring_items_search (est_keyring_session_get_service (session),
                                credential->account, credential->kind, cancellable, NULL);
  for (GList *l = items; l != NULL; l = l->next)
    if (!g_str_equal (g_dbus_proxy_get_object_path (l->data), kept)
        && !secret_item_get_locked (l->data))
      est_keyring_items_delete (session, l->data, cancellable, NULL);
}

static gboolean
store_in (SecretCollection *collection,
          EstKeyringSession *session,
          const EstCredential *credential,
          SecretValue *value,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *path = NULL;
  if (!est_keyring_items_create (session, collection, credential, value, &path,
                                 cancellable, &local))
    return local != NULL ? translate (g_steal_pointer (&local), error)
                         : fail (error, EST_CREDENTIALS_ERROR_LOCKED,
                                 "the person did not let the keyring take it");
  if (path != NULL)
    remove_older (session, credential, path, cancellable);
  return TRUE;
}

static SecretCollection *
get_or_make_default (EstKeyringSession *session,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GError) local = NULL;
  SecretCollection *collection = get_default (session, cancellable, &local);
  if (collection == NULL && local == NULL)
    return est_keyring_lock_make_keyring (session, cancellable, error)
             ? get_default (session, cancellable, error)
             : NULL;
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return collection;
}

gboolean
est_keyring_store (const EstCredential *credential,
                   EstSecret *secret,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (EstKeyringSession) session = est_keyring_session_open (cancellable, &local);
  g_autoptr (SecretCollection) collection
    = session != NULL ? get_or_make_default (session, cancellable, &local) : NULL;
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);
  if (collection == NULL)
    return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "no keyring was made");
  if (est_keyring_lock_is_on (session, collection, cancellable))
    return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "the keyring is locked");

  g_autoptr (SecretValue) value
    = secret_value_new (est_secret_peek (secret), -1, "text/plain");
  return store_in (collection, session, credential, value, cancellable, error);
}

gboolean
est_keyring_remove (const char *account,
                    EstCredentialKind kind,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (EstKeyringSession) session = est_keyring_session_open (cancellable, &local);
  g_autoptr (EstKeyringItems) items
    = session != NULL ? search (session, account, kind, cancellable, &local) : NULL;
  if (local != NULL)
    return translate (g_steal_pointer (&local), error);

  for (GList *l = items; l != NULL; l = l->next)
    {
      if (secret_item_get_locked (l->data))
        return fail (error, EST_CREDENTIALS_ERROR_LOCKED, "the keyring is locked");
      if (est_keyring_items_delete (session, l->data, cancellable, &local))
        continue;
      if (local != NULL)
        return translate (g_steal_pointer (&local), error);
      return fail (error, EST_CREDENTIALS_ERROR_LOCKED,
                   "the person did not let the keyring remove it");
    }
  return TRUE;
}
