/* Evolution: one file per "source"; that of an identity names the one of its transport.
   Passwords are in the keyring, which is not asked. */
#include "base/secret.h"
#include "mail/address.h"
#include "web/own-file.h"
#include "web/programs.h"

#include <string.h>

#define FILE_LIMIT (64 * 1024)
#define MOST_FILES 2000

static char *
get (GKeyFile *file, const char *group, const char *key)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);
  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static gboolean
is_enabled (GKeyFile *file)
{
  g_autofree char *enabled = get (file, "Data Source", "Enabled");
  return g_strcmp0 (enabled, "false") != 0;
}

static EstSecurity
read_security (GKeyFile *transport)
{
  g_autofree char *method = get (transport, "Security", "Method");
  if (g_strcmp0 (method, "ssl-on-alternate-port") == 0)
    return EST_SECURITY_TLS;
  return g_strcmp0 (method, "starttls-on-standard-port") == 0 ? EST_SECURITY_STARTTLS
                                                              : EST_SECURITY_NONE;
}

/* Names of mechanisms, and those of services that Evolution signs in to at a web page. */
static void
read_way (EstCandidate *candidate, GKeyFile *transport)
{
  g_autofree char *method = get (transport, "Authentication", "Method");
  if (method == NULL)
    return;
  if (g_str_equal (method, "none"))
    candidate->auth = candidate->secret = "none";
  else if (g_str_equal (method, "GSSAPI"))
    {
      candidate->auth = "GSSAPI";
      candidate->secret = "none";
    }
  else if (g_str_equal (method, "NTLM"))
    candidate->auth = NULL;
  else if (g_str_equal (method, "XOAUTH2") || g_str_equal (method, "Google")
           || g_str_has_prefix (method, "Outlook") || g_str_has_prefix (method, "Yahoo")
           || g_str_has_prefix (method, "OAuth2"))
    candidate->secret = "oauth";
}

static void
add_transport (GPtrArray *list, GKeyFile *transport)
{
  g_autofree char *kind = get (transport, "Mail Transport", "BackendName");
  g_autofree char *host = get (transport, "Authentication", "Host");
  g_autofree char *port = get (transport, "Authentication", "Port");
  g_autofree char *user = get (transport, "Authentication", "User");
  if (g_strcmp0 (kind, "smtp") != 0 || host == NULL || !is_enabled (transport))
    return;
  EstCandidate *candidate = est_candidate_new ();
  candidate->security = read_security (transport);
  read_way (candidate, transport);
  if (port != NULL)
    est_candidate_set_port (candidate, port);
  if (user != NULL)
    est_candidate_set_user (candidate, user);
  est_candidate_set_host (candidate, host);
  est_programs_add (list, candidate);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

GPtrArray *
est_evolution_read (GHashTable *sources, const char *address)
{
  GPtrArray *list = est_programs_new_list ();
  GList *names = g_list_sort (g_hash_table_get_keys (sources), compare);
  for (GList *link = names; link != NULL; link = link->next)
    {
      GKeyFile *identity = g_hash_table_lookup (sources, link->data);
      g_autofree char *theirs = get (identity, "Mail Identity", "Address");
      g_autofree char *uid = get (identity, "Mail Submission", "TransportUid");
      if (theirs == NULL || uid == NULL || !est_address_equal (theirs, address)
          || !is_enabled (identity))
        continue;
      GKeyFile *transport = g_hash_table_lookup (sources, uid);
      if (transport != NULL)
        add_transport (list, transport);
    }
  g_list_free (names);
  return list;
}

static void
load_file (GHashTable *sources, const char *folder, const char *name)
{
  if (!g_str_has_suffix (name, ".source"))
    return;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = est_own_file_read (path, FILE_LIMIT);
  if (text != NULL)
    g_hash_table_replace (sources, g_strndup (name, strlen (name) - strlen (".source")),
                          est_own_file_parse (text));
  est_secret_free_text (text);
}

static void
load_folder (GHashTable *sources, const char *above)
{
  g_autofree char *folder = g_build_filename (above, "evolution", "sources", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;
  while (files != NULL && (name = g_dir_read_name (files)) != NULL
         && g_hash_table_size (sources) < MOST_FILES)
    load_file (sources, folder, name);
}

/* Those that belong to an online account are kept with what can be made anew. */
GPtrArray *
est_evolution_find (const char *address)
{
  g_autofree char *flatpak
    = g_build_filename (g_get_home_dir (), ".var/app/org.gnome.Evolution", NULL);
  g_autofree char *its_config = g_build_filename (flatpak, "config", NULL);
  g_autofree char *its_cache = g_build_filename (flatpak, "cache", NULL);
  g_autoptr (GHashTable) sources = g_hash_table_new_full (
    g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_key_file_unref);
  load_folder (sources, g_get_user_cache_dir ());
  load_folder (sources, g_get_user_config_dir ());
  load_folder (sources, its_cache);
  load_folder (sources, its_config);
  return g_hash_table_size (sources) > 0 ? est_evolution_read (sources, address) : NULL;
}
