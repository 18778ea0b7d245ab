/* Whoever is on this machine may ask: without the state of this very sign-in nobody is
   heard (RFC 6749 10.12). */
#include "web/redirect.h"

#include "base/secret.h"

#include <string.h>

#define CODE_LIMIT 4096 /* octets */

void
est_redirect_free (EstRedirect *redirect)
{
  est_secret_free_text (redirect->code);
  g_free (redirect->error);
  g_free (redirect->description);
  g_free (redirect->iss);
  g_free (redirect);
}

/* What stands between "GET /?" and " HTTP/1.x"; NULL: another request. */
static char *
find_query (const char *head, gsize length)
{
  static const char begin[] = "GET /?";
  const char *end = memchr (head, '\n', length);
  if (end == NULL)
    return NULL;
  g_autofree char *line = g_strndup (head, (gsize) (end - head));
  char *version = strrchr (line, ' ');
  if (!g_str_has_prefix (line, begin) || version < line + strlen (begin)
      || !g_str_has_prefix (version, " HTTP/1."))
    return NULL;
  *version = '\0';
  return g_strdup (line + strlen (begin));
}

/* RFC 6749 3.1: what comes twice is not to be believed. */
static GHashTable *
read_query (const char *query)
{
  GUriParamsIter iter;
  char *key, *value;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) values = g_hash_table_new_full (
    g_str_hash, g_str_equal, g_free, (GDestroyNotify) est_secret_free_text);
  g_uri_params_iter_init (&iter, query, -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &key, &value, &error))
    if (!g_hash_table_insert (values, key, value))
      return NULL;
  return error == NULL ? g_steal_pointer (&values) : NULL;
}

/* RFC 6749 A.11. */
static gboolean
is_code (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (*c < 0x20 || *c > 0x7e)
      return FALSE;
  return *text != '\0' && strlen (text) <= CODE_LIMIT;
}

static char *
take (GHashTable *values, const char *key)
{
  const char *value = g_hash_table_lookup (values, key);
  return value != NULL && *value != '\0' ? g_strdup (value) : NULL;
}

EstRedirect *
est_redirect_read (const char *head, gsize length, const char *state)
{
  g_autofree char *query = find_query (head, length);
  g_autoptr (GHashTable) values = query != NULL ? read_query (query) : NULL;
  if (values == NULL || g_strcmp0 (g_hash_table_lookup (values, "state"), state) != 0)
    return NULL;
  const char *code = g_hash_table_lookup (values, "code");
  g_autoptr (EstRedirect) redirect = g_new0 (EstRedirect, 1);
  redirect->error = take (values, "error");
  if (redirect->error == NULL && (code == NULL || !is_code (code)))
    return NULL;
  redirect->code = redirect->error == NULL ? g_strdup (code) : NULL;
  redirect->description = take (values, "error_description");
  redirect->iss = take (values, "iss");
  return g_steal_pointer (&redirect);
}
