/* The table as a resource of this library. */
#include "account/provider-table.h"

#include "account/provider-data.h"
#include "mail/address.h"

#include <gio/gio.h>
#include <string.h>

#define PLACE "/org/estafeta/providers"

static gpointer
load (gpointer data)
{
  g_autoptr (GError) error = NULL;
  GKeyFile *table = g_key_file_new ();
  g_autoptr (GBytes) bytes = g_resource_lookup_data (
    est_provider_data_get_resource (), PLACE, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  if (bytes == NULL
      || !g_key_file_load_from_bytes (table, bytes, G_KEY_FILE_NONE, &error))
    g_error ("the provider table is broken: %s", error->message);
  return table;
}

static GKeyFile *
get_table (void)
{
  static GOnce once = G_ONCE_INIT;
  return g_once (&once, load, NULL);
}

static gboolean
has_domain (GKeyFile *table, const char *group, const char *domain)
{
  g_auto (GStrv) domains
    = g_key_file_get_string_list (table, group, "domains", NULL, NULL);
  for (char **one = domains; one != NULL && *one != NULL; one++)
    if (g_ascii_strcasecmp (*one, domain) == 0)
      return TRUE;
  return FALSE;
}

static char *
find_group (GKeyFile *table, const char *domain)
{
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (has_domain (table, *group, domain))
      return g_strdup (*group);
  return NULL;
}

static void
put (GHashTable *server, const char *key, char *value)
{
  g_hash_table_replace (server, g_strdup (key), value);
}

/* "user" is the address, or what stands before its "@". */
static char *
make_user (GKeyFile *table, const char *group, const char *address)
{
  g_autofree char *kind = g_key_file_get_string (table, group, "user", NULL);
  if (g_strcmp0 (kind, "local") == 0)
    return g_strndup (address, (gsize) (strrchr (address, '@') - address));
  return g_strdup (address);
}

GHashTable *
est_provider_table_find (const char *address)
{
  GKeyFile *table = get_table ();
  const char *domain = est_address_domain (address);
  g_autofree char *group = domain != NULL ? find_group (table, domain) : NULL;
  if (group == NULL)
    return NULL;
  GHashTable *server = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) keys = g_key_file_get_keys (table, group, NULL, NULL);
  for (char **key = keys; *key != NULL; key++)
    if (!g_str_equal (*key, "domains"))
      put (server, g_str_equal (*key, "name") ? "provider-name" : *key,
           g_key_file_get_string (table, group, *key, NULL));
  put (server, "user", make_user (table, group, address));
  put (server, "provider", g_strdup (group));
  put (server, "source", g_strdup ("table"));
  put (server, "trust", g_strdup ("safe"));
  return server;
}
