#include "web/search.h"

#include "mail/address.h"
#include "mail/plain.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

/* A tab or a line's end in what a stranger wrote would be a word or a line of its own. */
static gboolean
is_one_word (const char *value)
{
  for (const char *c = value; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return *value != '\0';
}

static void
print_pair (const char *key, const char *value)
{
  if (value != NULL && is_one_word (value))
    g_print ("\t%s=%s", key, value);
}

static void
begin_line (const char *word, const EstOrigin *origin)
{
  g_print ("%s\tsource=%s", word, origin->source);
  print_pair ("where", origin->where);
}

static void
end_line (void)
{
  g_print ("\n");
  fflush (stdout);
}

void
est_search_print_look (const EstOrigin *origin, const char *result, const char *detail)
{
  g_autofree char *plain = detail != NULL ? est_plain_text (detail, -1) : NULL;
  begin_line ("look", origin);
  print_pair ("result", result);
  print_pair ("detail", plain);
  end_line ();
}

/* Whose it is, as far as names tell: RFC 6186 6. */
static gboolean
is_outside (const EstSearch *search, const char *host)
{
  return !est_address_is_host_under (host, search->domain);
}

void
est_search_print_candidate (const EstSearch *search,
                            const EstOrigin *origin,
                            const EstCandidate *candidate)
{
  begin_line ("candidate", origin);
  g_print ("\thost=%s\tport=%u\tsecurity=%s", candidate->host, candidate->port,
           est_security_nick (candidate->security));
  print_pair ("user", candidate->user != NULL ? candidate->user : search->address);
  print_pair ("auth", candidate->auth);
  print_pair ("secret", candidate->secret);
  print_pair ("outside", is_outside (search, candidate->host) ? "yes" : NULL);
  print_pair ("oauth-issuer", candidate->issuer);
  print_pair ("oauth-authorize", candidate->authorize);
  print_pair ("oauth-token", candidate->token);
  print_pair ("oauth-scope", candidate->scope);
  end_line ();
}

void
est_search_print_known (const EstOrigin *origin, GHashTable *server)
{
  GHashTableIter iterator;
  gpointer key, value;
  begin_line ("candidate", origin);
  g_hash_table_iter_init (&iterator, server);
  while (g_hash_table_iter_next (&iterator, &key, &value))
    print_pair (key, value);
  print_pair ("outside", "yes");
  end_line ();
}

static gboolean
is_absent (const GError *error)
{
  return g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

gboolean
est_search_print_found (const EstSearch *search,
                        const EstOrigin *origin,
                        GPtrArray *candidates,
                        const GError *error)
{
  if (candidates == NULL && error != NULL && !is_absent (error))
    est_search_print_look (origin, "trouble", error->message);
  else if (candidates == NULL || candidates->len == 0)
    est_search_print_look (origin, "nothing", NULL);
  else
    est_search_print_look (origin, "found", NULL);
  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    est_search_print_candidate (search, origin, candidates->pdata[i]);
  return candidates != NULL && candidates->len > 0;
}

/* The first by preference, without its dot. */
static char *
find_first (GList *records)
{
  const char *best = NULL;
  guint16 least = G_MAXUINT16;
  for (GList *link = records; link != NULL; link = link->next)
    {
      guint16 preference;
      const char *host;
      g_variant_get (link->data, "(q&s)", &preference, &host);
      if (best != NULL && preference >= least)
        continue;
      best = host;
      least = preference;
    }
  char *name = g_strdup (best);
  if (name != NULL && g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  return name;
}

const char *
est_search_find_exchanger (EstSearch *search, GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  if (search->knows_exchanger)
    return search->exchanger;
  search->knows_exchanger = TRUE;
  GList *records = g_resolver_lookup_records (resolver, search->domain,
                                              G_RESOLVER_RECORD_MX, NULL, error);
  search->exchanger = find_first (records);
  g_list_free_full (records, (GDestroyNotify) g_variant_unref);
  return search->exchanger;
}
