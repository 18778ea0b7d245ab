#include "web/refresh.h"

#include "web/exchange.h"
#include "web/failure.h"
#include "web/form.h"
#include "web/metadata.h"
#include "web/report.h"

static EstGrant *
fail (GError **error, EstFailure failure, const char *words)
{
  g_set_error_literal (error, EST_FAILURE, (int) failure, words);
  return NULL;
}

static EstGrant *
ask (const EstAuthority *authority, const char *refresh, GError **error)
{
  GString *form = est_form_new ();
  est_form_add (form, "grant_type", "refresh_token");
  est_form_add (form, "refresh_token", refresh);
  est_form_add (form, "scope", authority->scope);
  EstGrant *grant = est_grant_ask (authority, form, error);
  est_form_free (form);
  return grant;
}

static EstGrant *
run (GHashTable *input, const char **step, GError **error)
{
  const char *refresh = est_exchange_get (input, "refresh");
  g_autoptr (EstAuthority) authority = est_authority_new (input, error);
  if (authority == NULL)
    return NULL;
  if (authority->client == NULL)
    return fail (error, EST_FAILURE_CLIENT_MISSING, "no client id");
  if (!est_metadata_complete (authority, &authority->token, error))
    return NULL;
  *step = "token";
  if (refresh != NULL)
    return ask (authority, refresh, error);
  return fail (error, EST_FAILURE_INVALID_GRANT, "no refresh token");
}

void
est_refresh_run (GHashTable *input)
{
  const char *step = "metadata";
  g_autoptr (GError) error = NULL;
  g_autoptr (EstGrant) grant = run (input, &step, &error);
  if (grant != NULL)
    est_report_grant (grant, NULL);
  else
    est_report_failure (error, step);
}
