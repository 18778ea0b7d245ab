#include "account/keyring-lock.h"

#include <glib/gi18n.h>

#define SERVICE "/org/freedesktop/secrets"
#define SECRET  "org.freedesktop.Secret"
#define KWALLET "org.kde.KWallet"

static const EstKeyringMethod unlock_method
  = {SERVICE, SECRET ".Service", "Unlock", "(aoo)"};
static const EstKeyringMethod create_method
  = {SERVICE, SECRET ".Service", "CreateCollection", "(oo)"};

/* Whatever else is the Secret Service has no such object. */
static const EstKeyringMethod is_open_methods[] = {
  {"/modules/kwalletd5", KWALLET, "isOpen", "(b)"},
  {"/modules/kwalletd6", KWALLET, "isOpen", "(b)"},
};

gboolean
est_keyring_lock_take_off (EstKeyringSession *session,
                           SecretCollection *collection,
                           GCancellable *cancellable,
                           GError **error)
{
  const char *path = g_dbus_proxy_get_object_path (G_DBUS_PROXY (collection));
  return est_keyring_session_do (session, &unlock_method,
                                 g_variant_new ("(^ao)", (const char *[]){path, NULL}),
                                 NULL, cancellable, error);
}

gboolean
est_keyring_lock_make_keyring (EstKeyringSession *session,
                               GCancellable *cancellable,
                               GError **error)
{
  GVariantDict properties;
  g_variant_dict_init (&properties, NULL);
  g_variant_dict_insert (&properties, SECRET ".Collection.Label", "s",
                         C_ ("keyring", "Passwords"));
  return est_keyring_session_do (session, &create_method,
                                 g_variant_new ("(@a{sv}s)",
                                                g_variant_dict_end (&properties),
                                                SECRET_COLLECTION_DEFAULT),
                                 NULL, cancellable, error);
}

static gboolean
wallet_is_open (EstKeyringSession *session, const char *wallet, GCancellable *cancellable)
{
  gboolean open = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (is_open_methods) && !open; i++)
    {
      g_autoptr (GVariant) answer = est_keyring_session_call (
        session, &is_open_methods[i], g_variant_new ("(s)", wallet), cancellable, NULL);
      if (answer != NULL)
        g_variant_get (answer, "(b)", &open);
    }
  return open;
}

gboolean
est_keyring_lock_is_on (EstKeyringSession *session,
                        SecretCollection *collection,
                        GCancellable *cancellable)
{
  if (!secret_collection_get_locked (collection))
    return FALSE;
  g_autofree char *label = secret_collection_get_label (collection);
  return !wallet_is_open (session, label, cancellable)
         || !est_keyring_lock_take_off (session, collection, cancellable, NULL);
}

gboolean
est_keyring_lock_is_on_all (EstKeyringSession *session,
                            GCancellable *cancellable,
                            GError **error)
{
  SecretService *service = est_keyring_session_get_service (session);
  if (!secret_service_load_collections_sync (service, cancellable, error))
    return FALSE;
  GList *collections = secret_service_get_collections (service);
  gboolean locked = collections != NULL;
  for (GList *l = collections; l != NULL; l = l->next)
    locked = locked && est_keyring_lock_is_on (session, l->data, cancellable);
  g_list_free_full (collections, g_object_unref);
  return locked;
}
