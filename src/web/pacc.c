#include "web/pacc.h"

#include "web/json-text.h"

#include <gio/gio.h>
#include <string.h>

#define PORT 465

/* "submit" since -03, "smtp" before. */
static const char *
find_host (JsonObject *document)
{
  static const char *const names[] = {"submit", "smtp"};
  JsonObject *protocols = est_json_object (document, "protocols");
  for (gsize i = 0; protocols != NULL && i < G_N_ELEMENTS (names); i++)
    {
      JsonObject *protocol = est_json_object (protocols, names[i]);
      if (protocol != NULL && est_json_text (protocol, "host") != NULL)
        return est_json_text (protocol, "host");
    }
  return NULL;
}

/* FALSE: none that we know. Without a word it is a password. */
static gboolean
read_ways (EstCandidate *candidate, JsonObject *document)
{
  JsonObject *ways = est_json_object (document, "authentication");
  JsonObject *open = ways != NULL ? est_json_object (ways, "oauth-public") : NULL;
  const char *issuer = open != NULL ? est_json_text (open, "issuer") : NULL;
  gboolean password = ways == NULL || est_json_is_true (ways, "password");
  if (issuer == NULL || !est_candidate_is_page (issuer))
    return password;
  candidate->issuer = g_strdup (issuer);
  candidate->secret = password ? "oauth-or-app-password" : "oauth";
  return TRUE;
}

GPtrArray *
est_pacc_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonObject) document = est_json_parse (text, length, error);
  if (document == NULL)
    return NULL;
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) est_candidate_free);
  const char *host = find_host (document);
  g_autoptr (EstCandidate) candidate = est_candidate_new ();
  candidate->port = PORT;
  candidate->security = EST_SECURITY_TLS;
  if (host != NULL && est_candidate_set_host (candidate, host)
      && read_ways (candidate, document))
    g_ptr_array_add (found, g_steal_pointer (&candidate));
  return found;
}

static char *
find_tag (const char *record, const char *name)
{
  g_auto (GStrv) tags = g_strsplit (record, ";", 16);
  for (char **tag = tags; *tag != NULL; tag++)
    {
      g_strstrip (*tag);
      if (g_str_has_prefix (*tag, name) && (*tag)[strlen (name)] == '=')
        return g_strstrip (g_strdup (*tag + strlen (name) + 1));
    }
  return NULL;
}

static char *
digest (const char *text, gsize length)
{
  guint8 octets[32];
  gsize n_octets = sizeof octets;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sum, (const guchar *) text, (gssize) length);
  g_checksum_get_digest (sum, octets, &n_octets);
  return g_base64_encode (octets, n_octets);
}

gboolean
est_pacc_is_confirmed (const char *text, gsize length, const char **records)
{
  g_autofree char *ours = digest (text, length);
  for (; *records != NULL; records++)
    {
      g_autofree char *version = find_tag (*records, "v");
      g_autofree char *kind = find_tag (*records, "a");
      g_autofree char *theirs = find_tag (*records, "d");
      if (g_strcmp0 (version, "UAAC1") == 0 && g_strcmp0 (kind, "sha256") == 0
          && g_strcmp0 (theirs, ours) == 0)
        return TRUE;
    }
  return FALSE;
}
