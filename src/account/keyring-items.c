/* An account may have more than one item of a kind: an older program left one without the
   attribute "kind", or a person made one by hand. The one that was written last is meant;
   the next store leaves only that. */
#include "account/keyring-items.h"

#define APPLICATION "estafeta"
#define ITEM        "org.freedesktop.Secret.Item"
#define COLLECTION  "org.freedesktop.Secret.Collection"

/* With its name in the query gnome-keyring finds nothing while it is locked. */
static const SecretSchema schema = {
  "org.estafeta.Account",
  SECRET_SCHEMA_DONT_MATCH_NAME,
  {{"application", SECRET_SCHEMA_ATTRIBUTE_STRING},
    {"account", SECRET_SCHEMA_ATTRIBUTE_STRING},
    {"kind", SECRET_SCHEMA_ATTRIBUTE_STRING},
    {"host", SECRET_SCHEMA_ATTRIBUTE_STRING},
    {"user", SECRET_SCHEMA_ATTRIBUTE_STRING},
    {NULL, 0}},
};

void
est_keyring_items_free (EstKeyringItems *items)
{
  g_list_free_full (items, g_object_unref);
}

static void
put (GHashTable *attributes, const char *name, const char *value)
{
  if (value != NULL)
    g_hash_table_insert (attributes, g_strdup (name), g_strdup (value));
}

static GHashTable *
make_attributes (const EstCredential *credential)
{
  GHashTable *attributes
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  put (attributes, "application", APPLICATION);
  put (attributes, "account", credential->account);
  put (attributes, "kind", est_credential_kind_nick (credential->kind));
  put (attributes, "host", credential->host);
  put (attributes, "user", credential->user);
  return attributes;
}

static gboolean
is_of_kind (SecretItem *item, EstCredentialKind kind)
{
  g_autoptr (GHashTable) attributes = secret_item_get_attributes (item);
  return est_credential_kind_is (kind, g_hash_table_lookup (attributes, "kind"));
}

/* The query names no kind: an item of the older form has none. */
EstKeyringItems *
est_keyring_items_search (SecretService *service,
                          const char *account,
                          EstCredentialKind kind,
                          GCancellable *cancellable,
                          GError **error)
{
  const EstCredential wanted = {account, EST_CREDENTIAL_ANY, NULL, NULL};
  g_autoptr (GHashTable) attributes = make_attributes (&wanted);
  GList *items = secret_service_search_sync (service, &schema, attributes,
                                             SECRET_SEARCH_ALL, cancellable, error);
  for (GList *l = items, *next; l != NULL; l = next)
    {
      next = l->next;
      if (is_of_kind (l->data, kind))
        continue;
      g_object_unref (l->data);
      items = g_list_delete_link (items, l);
    }
  return items;
}

/* Seconds are all that services tell. Each store takes items of the older form away, so
   that one which is here in the same second came after it, by hand. */
static gboolean
is_newer (SecretItem *item, SecretItem *other)
{
  guint64 ours = secret_item_get_modified (item);
  guint64 theirs = secret_item_get_modified (other);
  if (ours != theirs)
    return ours > theirs;
  g_autoptr (GHashTable) attributes = secret_item_get_attributes (item);
  return !g_hash_table_contains (attributes, "kind");
}

SecretItem *
est_keyring_items_newest (EstKeyringItems *items)
{
  SecretItem *newest = NULL;
  for (; items != NULL; items = items->next)
    if (!secret_item_get_locked (items->data)
        && (newest == NULL || is_newer (items->data, newest)))
      newest = items->data;
  return newest;
}

static char *
make_label (const EstCredential *credential)
{
  return g_strdup_printf (credential->kind == EST_CREDENTIAL_REFRESH_TOKEN
                            ? "Estafeta: %s (sign-in)"
                            : "Estafeta: %s",
                          credential->account);
}

static GVariant *
make_properties (const EstCredential *credential)
{
  g_autofree char *label = make_label (credential);
  g_autoptr (GHashTable) table = make_attributes (credential);
  GVariantBuilder attributes;
  GVariantDict properties;
  GHashTableIter iter;
  const char *name, *value;

  g_variant_builder_init (&attributes, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&attributes, "{ss}", "xdg:schema", schema.name);
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    g_variant_builder_add (&attributes, "{ss}", name, value);
  g_variant_dict_init (&properties, NULL);
  g_variant_dict_insert (&properties, ITEM ".Label", "s", label);
  g_variant_dict_insert_value (&properties, ITEM ".Attributes",
                               g_variant_builder_end (&attributes));
  return g_variant_dict_end (&properties);
}

gboolean
est_keyring_items_create (EstKeyringSession *session,
                          SecretCollection *collection,
                          const EstCredential *credential,
                          SecretValue *value,
                          char **path,
                          GCancellable *cancellable,
                          GError **error)
{
  const EstKeyringMethod method
    = {g_dbus_proxy_get_object_path (G_DBUS_PROXY (collection)), COLLECTION, "CreateItem",
       "(oo)"};
  GVariant *arguments = g_variant_new ("(@a{sv}@(oayays)b)", make_properties (credential),
                                       est_keyring_session_encode (session, value), TRUE);
  return est_keyring_session_do (session, &method, arguments, path, cancellable, error);
}

gboolean
est_keyring_items_delete (EstKeyringSession *session,
                          SecretItem *item,
                          GCancellable *cancellable,
                          GError **error)
{
  const EstKeyringMethod method
    = {g_dbus_proxy_get_object_path (G_DBUS_PROXY (item)), ITEM, "Delete", "(o)"};
  return est_keyring_session_do (session, &method, NULL, NULL, cancellable, error);
}
