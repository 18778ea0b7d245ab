/* Thunderbird: profiles.ini names the profiles, and prefs.js of each has identities and
   servers. Its passwords are in files of their own, which are not opened. */
#include "base/secret.h"
#include "mail/address.h"
#include "web/own-file.h"
#include "web/prefs.h"
#include "web/programs.h"

#include <string.h>

#define INI_LIMIT   (256 * 1024)
#define PREFS_LIMIT (8 * 1024 * 1024)

/* As it was installed: by the distribution, by Snap, by Flatpak. */
static const char *const places[] = {
  ".thunderbird",
  "snap/thunderbird/common/.thunderbird",
  ".var/app/org.mozilla.Thunderbird/.thunderbird",
  ".var/app/eu.betterbird.Betterbird/.thunderbird",
  NULL,
};

static const char *
get (GHashTable *prefs, const char *head, const char *key, const char *tail)
{
  g_autofree char *name = g_strconcat (head, key, tail, NULL);
  const char *value = g_hash_table_lookup (prefs, name);
  return value != NULL && *value != '\0' ? value : NULL;
}

/* nsMsgSocketType: 1 was "if it is offered", which is STARTTLS with us, always. */
static EstSecurity
read_security (const char *kind)
{
  if (g_strcmp0 (kind, "3") == 0)
    return EST_SECURITY_TLS;
  return g_strcmp0 (kind, "1") == 0 || g_strcmp0 (kind, "2") == 0 ? EST_SECURITY_STARTTLS
                                                                  : EST_SECURITY_NONE;
}

/* nsMsgAuthMethod. */
static const struct
{
  const char *number;
  const char *auth; /* NULL: not ours */
  const char *secret;
} ways[] = {
  {"1",  "none",   "none" },
  {"5",  "GSSAPI", "none" },
  {"6",  NULL,     NULL   }, /* NTLM */
  {"7",  NULL,     NULL   }, /* by a certificate */
  {"10", "auto",   "oauth"},
};

static void
read_way (EstCandidate *candidate, const char *number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_strcmp0 (number, ways[i].number) == 0)
      {
        candidate->auth = ways[i].auth;
        candidate->secret = ways[i].secret;
      }
}

/* Servers of other kinds (Exchange) have a type that says so. */
static void
add_server (GPtrArray *list, GHashTable *prefs, const char *key)
{
  static const char head[] = "mail.smtpserver.";
  const char *host = get (prefs, head, key, ".hostname");
  const char *port = get (prefs, head, key, ".port");
  const char *user = get (prefs, head, key, ".username");
  const char *type = get (prefs, head, key, ".type");
  if (type != NULL && !g_str_equal (type, "smtp"))
    return;
  EstCandidate *candidate = est_candidate_new ();
  candidate->security = read_security (get (prefs, head, key, ".try_ssl"));
  read_way (candidate, get (prefs, head, key, ".authMethod"));
  if (port != NULL)
    est_candidate_set_port (candidate, port);
  if (user != NULL)
    est_candidate_set_user (candidate, user);
  if (host != NULL)
    est_candidate_set_host (candidate, host);
  est_programs_add (list, candidate);
}

/* "id1" of "mail.identity.id1.useremail". */
static char *
read_identity (const char *name)
{
  static const char head[] = "mail.identity.", tail[] = ".useremail";
  gsize length = strlen (name);
  if (!g_str_has_prefix (name, head) || !g_str_has_suffix (name, tail)
      || length <= strlen (head) + strlen (tail))
    return NULL;
  return g_strndup (name + strlen (head), length - strlen (head) - strlen (tail));
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

GPtrArray *
est_thunderbird_read (GHashTable *prefs, const char *address)
{
  GPtrArray *list = est_programs_new_list ();
  const char *usual = get (prefs, "mail.smtp.", "defaultserver", "");
  GList *names = g_list_sort (g_hash_table_get_keys (prefs), compare);
  for (GList *link = names; link != NULL; link = link->next)
    {
      g_autofree char *identity = read_identity (link->data);
      if (identity == NULL
          || !est_address_equal (g_hash_table_lookup (prefs, link->data), address))
        continue;
      const char *key = get (prefs, "mail.identity.", identity, ".smtpServer");
      if (key != NULL || usual != NULL)
        add_server (list, prefs, key != NULL ? key : usual);
    }
  g_list_free (names);
  return list;
}

static GHashTable *
load_prefs (const char *place, GKeyFile *profiles, const char *group)
{
  g_autofree char *path = g_key_file_get_string (profiles, group, "Path", NULL);
  if (path == NULL)
    return NULL;
  g_autofree char *file = g_path_is_absolute (path)
                            ? g_build_filename (path, "prefs.js", NULL)
                            : g_build_filename (place, path, "prefs.js", NULL);
  char *text = est_own_file_read (file, PREFS_LIMIT);
  GHashTable *prefs = text != NULL ? est_prefs_parse (text, "mail.") : NULL;
  est_secret_free_text (text);
  return prefs;
}

static void
take_profile (GPtrArray **list,
              const char *place,
              GKeyFile *profiles,
              const char *group,
              const char *address)
{
  g_autoptr (GHashTable) prefs = load_prefs (place, profiles, group);
  if (prefs == NULL)
    return;
  g_autoptr (GPtrArray) found = est_thunderbird_read (prefs, address);
  if (*list == NULL)
    *list = est_programs_new_list ();
  while (found->len > 0)
    est_programs_add (*list, g_ptr_array_steal_index (found, 0));
}

static void
take_place (GPtrArray **list, const char *place, const char *address)
{
  g_autofree char *file = g_build_filename (place, "profiles.ini", NULL);
  g_autofree char *text = est_own_file_read (file, INI_LIMIT);
  if (text == NULL)
    return;
  g_autoptr (GKeyFile) profiles = est_own_file_parse (text);
  g_auto (GStrv) groups = g_key_file_get_groups (profiles, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (g_str_has_prefix (*group, "Profile"))
      take_profile (list, place, profiles, *group, address);
}

GPtrArray *
est_thunderbird_find (const char *address)
{
  GPtrArray *list = NULL;
  for (const char *const *place = places; *place != NULL; place++)
    {
      g_autofree char *path = g_build_filename (g_get_home_dir (), *place, NULL);
      take_place (&list, path, address);
    }
  return list;
}
