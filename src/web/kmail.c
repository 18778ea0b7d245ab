/* KMail and what else is made of KDE PIM: identities name a transport by its number.
   Passwords are in the wallet; one in the file is not looked at. */
#include "base/secret.h"
#include "mail/address.h"
#include "web/own-file.h"
#include "web/programs.h"

#include <string.h>

#define FILE_LIMIT (256 * 1024)

static const char *const flatpaks[]
  = {"org.kde.kmail2", "org.kde.kontact", "org.kde.kmail", NULL};

static char *
get (GKeyFile *file, const char *group, const char *key)
{
  g_autofree char *text = g_key_file_get_value (file, group, key, NULL);
  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* By their names, and by the numbers of older files. */
static EstSecurity
read_security (GKeyFile *file, const char *group)
{
  g_autofree char *kind = get (file, group, "encryption");
  if (g_strcmp0 (kind, "SSL") == 0 || g_strcmp0 (kind, "1") == 0)
    return EST_SECURITY_TLS;
  return g_strcmp0 (kind, "TLS") == 0 || g_strcmp0 (kind, "2") == 0
           ? EST_SECURITY_STARTTLS
           : EST_SECURITY_NONE;
}

static void
read_way (EstCandidate *candidate, GKeyFile *file, const char *group)
{
  g_autofree char *signs_in = get (file, group, "requiresAuthentication");
  g_autofree char *way = get (file, group, "authtype");
  if (g_strcmp0 (signs_in, "true") != 0)
    candidate->auth = candidate->secret = "none";
  else if (g_strcmp0 (way, "XOAUTH2") == 0)
    candidate->secret = "oauth";
  else if (g_strcmp0 (way, "GSSAPI") == 0)
    {
      candidate->auth = "GSSAPI";
      candidate->secret = "none";
    }
  else if (g_strcmp0 (way, "NTLM") == 0)
    candidate->auth = NULL;
}

static void
add_transport (GPtrArray *list, GKeyFile *file, const char *number)
{
  g_autofree char *group = g_strconcat ("Transport ", number, NULL);
  g_autofree char *host = get (file, group, "host");
  g_autofree char *port = get (file, group, "port");
  g_autofree char *user = get (file, group, "user");
  g_autofree char *kind = get (file, group, "identifier");
  if (host == NULL || (kind != NULL && g_ascii_strcasecmp (kind, "SMTP") != 0))
    return;
  EstCandidate *candidate = est_candidate_new ();
  candidate->security = read_security (file, group);
  read_way (candidate, file, group);
  if (port != NULL)
    est_candidate_set_port (candidate, port);
  if (user != NULL)
    est_candidate_set_user (candidate, user);
  est_candidate_set_host (candidate, host);
  est_programs_add (list, candidate);
}

GPtrArray *
est_kmail_read (GKeyFile *transports, GKeyFile *identities, const char *address)
{
  GPtrArray *list = est_programs_new_list ();
  g_autofree char *usual = get (transports, "General", "default-transport");
  g_auto (GStrv) groups = g_key_file_get_groups (identities, NULL);
  for (char **group = groups; *group != NULL; group++)
    {
      g_autofree char *theirs = get (identities, *group, "Email Address");
      g_autofree char *number = get (identities, *group, "Transport");
      if (!g_str_has_prefix (*group, "Identity") || theirs == NULL
          || !est_address_equal (theirs, address))
        continue;
      if (number != NULL || usual != NULL)
        add_transport (list, transports, number != NULL ? number : usual);
    }
  return list;
}

static GKeyFile *
load (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = est_own_file_read (path, FILE_LIMIT);
  GKeyFile *file = text != NULL ? est_own_file_parse (text) : NULL;
  est_secret_free_text (text);
  return file;
}

static GPtrArray *
find_in (const char *folder, const char *address)
{
  g_autoptr (GKeyFile) transports = load (folder, "mailtransports");
  g_autoptr (GKeyFile) identities = load (folder, "emailidentities");
  return transports != NULL && identities != NULL
           ? est_kmail_read (transports, identities, address)
           : NULL;
}

GPtrArray *
est_kmail_find (const char *address)
{
  GPtrArray *list = find_in (g_get_user_config_dir (), address);
  for (const char *const *flatpak = flatpaks; list == NULL && *flatpak != NULL; flatpak++)
    {
      g_autofree char *folder
        = g_build_filename (g_get_home_dir (), ".var/app", *flatpak, "config", NULL);
      list = find_in (folder, address);
    }
  return list;
}
