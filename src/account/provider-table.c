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

typedef gboolean (*Match) (const char *pattern, const char *text);

static gboolean
is_domain (const char *pattern, const char *domain)
{
  return g_ascii_strcasecmp (pattern, domain) == 0;
}

/* "google.com" stands for all hosts below it. */
static gboolean
is_below (const char *pattern, const char *host)
{
  gsize length = strlen (host), shorter = strlen (pattern);
  return length > shorter + 1 && host[length - shorter - 1] == '.'
         && g_ascii_strcasecmp (host + length - shorter, pattern) == 0;
}

static gboolean
has (GKeyFile *table, const char *group, const char *key, Match match, const char *text)
{
  g_auto (GStrv) patterns = g_key_file_get_string_list (table, group, key, NULL, NULL);
  for (char **one = patterns; one != NULL && *one != NULL; one++)
    if (match (*one, text))
      return TRUE;
  return FALSE;
}

static char *
find_group (GKeyFile *table, const char *key, Match match, const char *text)
{
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (has (table, *group, key, match, text))
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

static gboolean
is_about_server (const char *key)
{
  return !g_str_equal (key, "domains") && !g_str_equal (key, "mx");
}

static GHashTable *
make_server (GKeyFile *table, const char *group, const char *address)
{
  GHashTable *server = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) keys = g_key_file_get_keys (table, group, NULL, NULL);
  for (char **key = keys; *key != NULL; key++)
    if (is_about_server (*key))
      put (server, g_str_equal (*key, "name") ? "provider-name" : *key,
           g_key_file_get_string (table, group, *key, NULL));
  put (server, "user", make_user (table, group, address));
  put (server, "provider", g_strdup (group));
  return server;
}

GHashTable *
est_provider_table_find (const char *address)
{
  GKeyFile *table = get_table ();
  const char *domain = est_address_domain (address);
  g_autofree char *group
    = domain != NULL ? find_group (table, "domains", is_domain, domain) : NULL;
  if (group == NULL)
    return NULL;
  GHashTable *server = make_server (table, group, address);
  put (server, "source", g_strdup ("table"));
  put (server, "trust", g_strdup ("safe"));
  return server;
}

GHashTable *
est_provider_table_find_host (const char *address, const char *host)
{
  GKeyFile *table = get_table ();
  g_autofree char *best = NULL;
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  for (char **group = groups; *group != NULL; group++)
    {
      g_autofree char *theirs = g_key_file_get_string (table, *group, "host", NULL);
      gboolean takes_others = g_key_file_has_key (table, *group, "mx", NULL);
      if (g_ascii_strcasecmp (theirs, host) != 0 || (best != NULL && !takes_others))
        continue;
      g_free (best);
      best = g_strdup (*group);
    }
  return best != NULL ? make_server (table, best, address) : NULL;
}

GHashTable *
est_provider_table_find_mx (const char *address, const char *host)
{
  GKeyFile *table = get_table ();
  g_autofree char *group = find_group (table, "mx", is_below, host);
  return group != NULL ? make_server (table, group, address) : NULL;
}
