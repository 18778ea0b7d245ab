/* What a source told, and what of it can be. */
#include "web/candidate.h"

#include <gio/gio.h>
#include <string.h>

#define URL_LIMIT 2048

EstCandidate *
est_candidate_new (void)
{
  EstCandidate *candidate = g_new0 (EstCandidate, 1);
  candidate->auth = "auto";
  candidate->secret = "password";
  return candidate;
}

void
est_candidate_free (EstCandidate *candidate)
{
  g_free (candidate->host);
  g_free (candidate->user);
  g_free (candidate->issuer);
  g_free (candidate->authorize);
  g_free (candidate->token);
  g_free (candidate->scope);
  g_free (candidate);
}

/* RFC 1123 2.1. */
static gboolean
is_label (const char *label)
{
  gsize length = strlen (label);
  if (length == 0 || length > 63 || label[0] == '-' || label[length - 1] == '-')
    return FALSE;
  for (const char *c = label; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-')
      return FALSE;
  return TRUE;
}

/* A name of one label would be looked up among the machines around, and an address has
   no certificate that says anything. Top-level domains are no numbers (RFC 3696 2). */
static gboolean
is_name (const char *name)
{
  g_auto (GStrv) labels = g_strsplit (name, ".", -1);
  guint n_labels = g_strv_length (labels);
  if (n_labels < 2 || strlen (name) > 253 || g_hostname_is_ip_address (name))
    return FALSE;
  for (guint i = 0; i < n_labels; i++)
    if (!is_label (labels[i]))
      return FALSE;
  return !g_ascii_isdigit (labels[n_labels - 1][0])
         && g_ascii_strcasecmp (labels[n_labels - 1], "localhost") != 0;
}

gboolean
est_candidate_set_host (EstCandidate *candidate, const char *text)
{
  if (strlen (text) > 4 * 253 || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  g_autofree char *ascii = g_hostname_to_ascii (text);
  if (ascii == NULL)
    return FALSE;
  gsize length = strlen (ascii);
  if (length > 1 && ascii[length - 1] == '.')
    ascii[length - 1] = '\0';
  if (!is_name (ascii))
    return FALSE;
  g_free (candidate->host);
  candidate->host = g_ascii_strdown (ascii, -1);
  return TRUE;
}

gboolean
est_candidate_set_port (EstCandidate *candidate, const char *text)
{
  guint64 port;
  if (!g_ascii_string_to_unsigned (text, 10, 1, 65535, &port, NULL))
    return FALSE;
  candidate->port = (guint16) port;
  return TRUE;
}

static gboolean
is_plain (const char *text, gsize limit)
{
  if (*text == '\0' || strlen (text) > limit || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

gboolean
est_candidate_set_user (EstCandidate *candidate, const char *text)
{
  gsize length = strlen (text);
  if (!is_plain (text, EST_CANDIDATE_TEXT_LIMIT) || text[0] == ' '
      || text[length - 1] == ' ')
    return FALSE;
  g_free (candidate->user);
  candidate->user = g_strdup (text);
  return TRUE;
}

gboolean
est_candidate_is_words (const char *text)
{
  return is_plain (text, URL_LIMIT);
}

gboolean
est_candidate_is_page (const char *text)
{
  if (!is_plain (text, URL_LIMIT) || !g_str_has_prefix (text, "https://"))
    return FALSE;
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);
  return uri != NULL && g_uri_get_userinfo (uri) == NULL && g_uri_get_host (uri) != NULL
         && *g_uri_get_host (uri) != '\0';
}

/* Few, so that the sort may be plain; the library's is not stable for arrays. */
void
est_candidates_sort (GPtrArray *candidates)
{
  guint n_tls = 0;
  for (guint i = 0; i < candidates->len; i++)
    {
      EstCandidate *candidate = g_ptr_array_index (candidates, i);
      if (candidate->security != EST_SECURITY_TLS)
        continue;
      memmove (&candidates->pdata[n_tls + 1], &candidates->pdata[n_tls],
               (i - n_tls) * sizeof (gpointer));
      candidates->pdata[n_tls++] = candidate;
    }
}
