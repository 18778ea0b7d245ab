#include "web/exchanger.h"

#include "mail/address.h"
#include "web/candidate.h"

#include <libpsl.h>
#include <string.h>

static void
add (GStrvBuilder *domains, const char *domain, const char *own)
{
  if (!g_str_equal (domain, own))
    g_strv_builder_add (domains, domain);
}

char **
est_exchanger_domains (const char *host, const char *own)
{
  g_autoptr (GStrvBuilder) domains = g_strv_builder_new ();
  g_autoptr (EstCandidate) server = est_candidate_new ();
  if (host == NULL || !est_candidate_set_host (server, host))
    return g_strv_builder_end (domains);
  const char *base = psl_registrable_domain (psl_builtin (), server->host);
  const char *whole = strchr (server->host, '.') + 1;
  if (base == NULL)
    return g_strv_builder_end (domains);
  if (!g_str_equal (whole, base) && est_address_is_host_under (whole, base))
    add (domains, whole, own);
  add (domains, base, own);
  return g_strv_builder_end (domains);
}
