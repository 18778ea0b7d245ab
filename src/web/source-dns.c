/* Names of the DNS, which is not signed as far as we know. */
#include "account/provider-table.h"
#include "web/sources.h"

#include <gio/gio.h>

/* A target "." says that there is no such service (RFC 2782): it is no host's name. */
static GPtrArray *
read_targets (GList *targets, EstSecurity security)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) est_candidate_free);
  for (GList *link = targets; link != NULL; link = link->next)
    {
      g_autoptr (EstCandidate) candidate = est_candidate_new ();
      candidate->port = g_srv_target_get_port (link->data);
      candidate->security = security;
      if (candidate->port != 0
          && est_candidate_set_host (candidate, g_srv_target_get_hostname (link->data)))
        g_ptr_array_add (found, g_steal_pointer (&candidate));
    }
  return found;
}

static gboolean
ask_service (const EstSearch *search, const char *service, EstSecurity security)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autofree char *where = g_strdup_printf ("_%s._tcp.%s", service, search->domain);
  const EstOrigin origin = {"srv", where};
  GList *targets
    = g_resolver_lookup_service (resolver, service, "tcp", search->domain, NULL, &error);
  g_autoptr (GPtrArray) found = targets != NULL ? read_targets (targets, security) : NULL;
  g_resolver_free_targets (targets);
  return est_search_print_found (search, &origin, found, error);
}

/* TLS from the start first: RFC 8314 5.1. */
gboolean
est_source_srv (EstSearch *search)
{
  return ask_service (search, "submissions", EST_SECURITY_TLS)
         || ask_service (search, "submission", EST_SECURITY_STARTTLS);
}

/* Where mail comes in tells whose customer the domain is. */
gboolean
est_source_mx (EstSearch *search)
{
  g_autoptr (GError) error = NULL;
  const EstOrigin origin = {"mx", search->domain};
  const char *exchanger = est_search_find_exchanger (search, &error);
  g_autoptr (GHashTable) server
    = exchanger != NULL ? est_provider_table_find_mx (search->address, exchanger) : NULL;
  if (server == NULL)
    return est_search_print_found (search, &origin, NULL, error);
  est_search_print_look (&origin, "found", NULL);
  est_search_print_known (&origin, server);
  return TRUE;
}
