/* The sources in the order of what can be believed: the provider's own word by HTTPS,
   Mozilla's by HTTPS, and names of an unsigned DNS. */
#include "web/discover.h"

#include "account/provider-table.h"
#include "mail/address.h"
#include "mail/plain.h"
#include "web/autoconfig.h"
#include "web/fetch.h"
#include "web/guess.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define PAGE_SECONDS 10
#define PAGE_LIMIT   (256 * 1024) /* octets */
#define REDIRECTIONS 3
#define HTTP_OK      200

typedef struct
{
  const char *address;
  const char *domain; /* ASCII */
} Search;

typedef struct
{
  const char *source;
  const char *where;
} Origin;

static void
print_look (const Origin *origin, const char *result, const char *detail)
{
  g_autofree char *plain = detail != NULL ? est_plain_text (detail, -1) : NULL;
  g_print ("look\tsource=%s\twhere=%s\tresult=%s", origin->source, origin->where, result);
  if (plain != NULL)
    g_print ("\tdetail=%s", plain);
  g_print ("\n");
  fflush (stdout);
}

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

/* Whose it is, as far as names tell: RFC 6186 6. */
static gboolean
is_outside (const Search *search, const char *host)
{
  return !est_address_is_host_under (host, search->domain);
}

static void
print_candidate (const Search *search,
                 const Origin *origin,
                 const EstCandidate *candidate)
{
  g_print ("candidate\tsource=%s\twhere=%s\thost=%s\tport=%u\tsecurity=%s",
           origin->source, origin->where, candidate->host, candidate->port,
           est_security_nick (candidate->security));
  print_pair ("user", candidate->user != NULL ? candidate->user : search->address);
  print_pair ("auth", candidate->auth);
  print_pair ("secret", candidate->secret);
  print_pair ("outside", is_outside (search, candidate->host) ? "yes" : NULL);
  print_pair ("oauth-issuer", candidate->issuer);
  print_pair ("oauth-authorize", candidate->authorize);
  print_pair ("oauth-token", candidate->token);
  print_pair ("oauth-scope", candidate->scope);
  g_print ("\n");
}

static gboolean
take_document (const Search *search, const Origin *origin, const EstAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found
    = est_autoconfig_parse (answer->text, answer->length, search->address, &error);
  if (found == NULL)
    {
      print_look (origin, "trouble", error->message);
      return FALSE;
    }
  print_look (origin, found->len > 0 ? "found" : "nothing", NULL);
  for (guint i = 0; i < found->len; i++)
    print_candidate (search, origin, found->pdata[i]);
  return found->len > 0;
}

static gboolean
fetch_page (const char *url, EstAnswer *answer, GError **error)
{
  const EstRequest request = {
    .url = url,
    .redirections = REDIRECTIONS,
    .seconds = PAGE_SECONDS,
    .limit = PAGE_LIMIT,
  };
  return est_fetch (&request, answer, error);
}

/* Also if it sends us where it is not safe: there is nothing that could be had. */
static gboolean
ask_page (const Search *search, const char *source, const char *url)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstAnswer) answer = {0};
  const Origin origin = {source, url};
  gboolean there = fetch_page (url, &answer, &error);
  if (there && answer.status == HTTP_OK)
    return take_document (search, &origin, &answer);
  gboolean absent
    = there || g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  print_look (&origin, absent ? "nothing" : "trouble", absent ? NULL : error->message);
  return FALSE;
}

/* The address itself is told to nobody: the domain is enough. */
static gboolean
ask_autoconfig (const Search *search)
{
  static const char *const places[]
    = {"https://autoconfig.%s/mail/config-v1.1.xml",
       "https://%s/.well-known/autoconfig/mail/config-v1.1.xml", NULL};
  for (const char *const *place = places; *place != NULL; place++)
    {
      g_auto (GStrv) halves = g_strsplit (*place, "%s", 2);
      g_autofree char *url = g_strjoin (search->domain, halves[0], halves[1], NULL);
      if (ask_page (search, "autoconfig", url))
        return TRUE;
    }
  return FALSE;
}

static gboolean
ask_ispdb (const Search *search)
{
  g_autofree char *url = g_strconcat ("https://v1.ispdb.net/", search->domain, NULL);
  return ask_page (search, "ispdb", url);
}

/* A target "." says that there is no such service (RFC 2782): it is no host's name. */
static gboolean
take_targets (const Search *search,
              const Origin *origin,
              EstSecurity security,
              GList *targets)
{
  gboolean any = FALSE;
  for (GList *link = targets; link != NULL; link = link->next)
    {
      g_autoptr (EstCandidate) candidate = est_candidate_new ();
      if (!est_candidate_set_host (candidate, g_srv_target_get_hostname (link->data)))
        continue;
      candidate->port = g_srv_target_get_port (link->data);
      candidate->security = security;
      if (!any)
        print_look (origin, "found", NULL);
      print_candidate (search, origin, candidate);
      any = TRUE;
    }
  if (!any)
    print_look (origin, "nothing", NULL);
  return any;
}

static gboolean
ask_service (const Search *search, const char *service, EstSecurity security)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autofree char *where = g_strdup_printf ("_%s._tcp.%s", service, search->domain);
  const Origin origin = {"srv", where};
  GList *targets
    = g_resolver_lookup_service (resolver, service, "tcp", search->domain, NULL, &error);
  gboolean found = FALSE;
  if (error == NULL)
    found = take_targets (search, &origin, security, targets);
  else if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    print_look (&origin, "nothing", NULL);
  else
    print_look (&origin, "trouble", error->message);
  g_resolver_free_targets (targets);
  return found;
}

static void
print_known (const Origin *origin, GHashTable *server)
{
  GHashTableIter iterator;
  gpointer key, value;
  g_print ("candidate\tsource=%s\twhere=%s", origin->source, origin->where);
  g_hash_table_iter_init (&iterator, server);
  while (g_hash_table_iter_next (&iterator, &key, &value))
    print_pair (key, value);
  g_print ("\toutside=yes\n");
}

/* The first, by preference, that is a provider's of the table. */
static GHashTable *
find_known (const Search *search, GList *records)
{
  const char *best = NULL;
  guint16 least = G_MAXUINT16;
  for (GList *link = records; link != NULL; link = link->next)
    {
      guint16 preference;
      const char *host;
      g_variant_get (link->data, "(q&s)", &preference, &host);
      if (best == NULL || preference < least)
        {
          best = host;
          least = preference;
        }
    }
  g_autofree char *name = g_strdup (best != NULL ? best : "");
  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  return est_provider_table_find_mx (search->address, name);
}

/* Where mail comes in tells whose customer the domain is. */
static gboolean
ask_mx (const Search *search)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  const Origin origin = {"mx", search->domain};
  GList *records = g_resolver_lookup_records (resolver, search->domain,
                                              G_RESOLVER_RECORD_MX, NULL, &error);
  g_autoptr (GHashTable) server = error == NULL ? find_known (search, records) : NULL;
  gboolean absent = g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  if (server != NULL)
    {
      print_look (&origin, "found", NULL);
      print_known (&origin, server);
    }
  else
    print_look (&origin, error == NULL || absent ? "nothing" : "trouble",
                error != NULL && !absent ? error->message : NULL);
  g_list_free_full (records, (GDestroyNotify) g_variant_unref);
  return server != NULL;
}

/* TLS from the start first: RFC 8314 5.1. */
static gboolean
ask_srv (const Search *search)
{
  return ask_service (search, "submissions", EST_SECURITY_TLS)
         || ask_service (search, "submission", EST_SECURITY_STARTTLS);
}

static void
print_guess (const Search *search, const Origin *origin)
{
  g_autoptr (EstCandidate) candidate = est_candidate_new ();
  if (!est_candidate_set_host (candidate, origin->where))
    return;
  candidate->port = 465;
  candidate->security = EST_SECURITY_TLS;
  print_candidate (search, origin, candidate);
}

static gboolean
ask_guess (const Search *search)
{
  static const char *const labels[] = {"smtp", "mail", NULL};
  for (const char *const *label = labels; *label != NULL; label++)
    {
      g_autofree char *host = g_strdup_printf ("%s.%s", *label, search->domain);
      const Origin origin = {"guess", host};
      gboolean right = est_guess_is_right (host);
      print_look (&origin, right ? "found" : "nothing", NULL);
      if (!right)
        continue;
      print_guess (search, &origin);
      return TRUE;
    }
  return FALSE;
}

static const struct
{
  const char *name;
  gboolean (*ask) (const Search *search);
} all[] = {
  {"autoconfig", ask_autoconfig},
  {"ispdb",      ask_ispdb     },
  {"srv",        ask_srv       },
  {"mx",         ask_mx        },
  {"guess",      ask_guess     },
};

void
est_discover (const char *address, const char *sources)
{
  g_auto (GStrv) wanted = g_strsplit (sources, ",", -1);
  g_autofree char *domain = g_hostname_to_ascii (est_address_domain (address));
  const Search search = {address, domain};
  if (domain == NULL || *domain == '[')
    return; /* an address literal has no provider */
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (g_strv_contains ((const char *const *) wanted, all[i].name)
        && all[i].ask (&search))
      return;
}
