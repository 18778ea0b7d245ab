#include "account/vouch.h"

#include "account/provider-table.h"
#include "mail/address.h"

/* Whose way to reach the server that is: theirs works. */
static gboolean
is_theirs (const char *key)
{
  static const char *const keys[]
    = {"source", "where", "trust", "host", "port", "security", "user", NULL};
  return g_strv_contains (keys, key);
}

static void
put (GHashTable *candidate, const char *key, const char *value)
{
  g_hash_table_replace (candidate, g_strdup (key), g_strdup (value));
}

/* With what the provider offers, its ways to sign in are more than the program used. */
static void
complete (GHashTable *candidate, GHashTable *known)
{
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init (&iter, known);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!is_theirs (key))
      put (candidate, key, value);
  put (candidate, "auth", "auto");
}

void
est_vouch (GHashTable *candidate, const char *address)
{
  const char *host = g_hash_table_lookup (candidate, "host");
  const char *domain = est_address_domain (address);
  g_autofree char *ascii = domain != NULL ? g_hostname_to_ascii (domain) : NULL;
  g_autoptr (GHashTable) usual = est_provider_table_find (address);
  g_autoptr (GHashTable) known = est_provider_table_find_host (address, host);
  gboolean listed
    = usual != NULL
      && g_ascii_strcasecmp (host, g_hash_table_lookup (usual, "host")) == 0;
  gboolean within = ascii != NULL && est_address_is_host_under (host, ascii);
  put (candidate, "trust", listed || within ? "safe" : "ask");
  if (within)
    g_hash_table_remove (candidate, "outside");
  else
    put (candidate, "outside", "yes");
  if (listed || known != NULL)
    complete (candidate, listed ? usual : known);
}

gboolean
est_vouch_is_enough (GHashTable *candidate)
{
  return g_strcmp0 (g_hash_table_lookup (candidate, "secret"), "oauth") != 0
         || g_hash_table_contains (candidate, "oauth-issuer")
         || g_hash_table_contains (candidate, "oauth-token");
}
