#include "web/guess.h"
#include "web/sources.h"

static gboolean
ask_host (const EstSearch *search, const char *label, EstSecurity security)
{
  g_autoptr (EstCandidate) candidate = est_candidate_new ();
  g_autofree char *host = g_strdup_printf ("%s.%s", label, search->domain);
  candidate->port = security == EST_SECURITY_TLS ? 465 : 587;
  candidate->security = security;
  if (!est_candidate_set_host (candidate, host))
    return FALSE;
  g_autofree char *where = g_strdup_printf ("%s:%u", candidate->host, candidate->port);
  const EstOrigin origin = {"guess", where};
  gboolean right = est_guess_is_right (candidate->host, candidate->port, security);
  est_search_print_look (&origin, right ? "found" : "nothing", NULL);
  if (right)
    est_search_print_candidate (search, &origin, candidate);
  return right;
}

/* TLS from the start, wherever it is, comes first: RFC 8314 3.3. */
gboolean
est_source_guess (EstSearch *search)
{
  static const char *const labels[] = {"smtp", "mail", "submission"};
  static const EstSecurity securities[] = {EST_SECURITY_TLS, EST_SECURITY_STARTTLS};
  for (gsize i = 0; i < G_N_ELEMENTS (securities); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (labels); j++)
      if (ask_host (search, labels[j], securities[i]))
        return TRUE;
  return FALSE;
}
