/* The issuer has to be the very one that was asked for, or a server could pass off
   another's endpoints as its own. */
#include "web/metadata.h"

#include "web/candidate.h"
#include "web/failure.h"
#include "web/json-text.h"

#include <string.h>

#define REDIRECTIONS 3

/* draft-ietf-mailmaint-oauth-public: what opens mail anywhere, and lasts. */
static const char *const scopes[]
  = {"urn:ietf:params:oauth:scope:mail", "offline_access", NULL};

static gboolean
fail (GError **error, const char *words)
{
  g_set_error_literal (error, EST_FAILURE, EST_FAILURE_ANSWER, words);
  return FALSE;
}

static void
take_page (char **field, JsonObject *object, const char *name)
{
  const char *text = est_json_text (object, name);
  if (*field == NULL && text != NULL && est_candidate_is_page (text))
    *field = g_strdup (text);
}

/* Those of ours that it knows. */
static void
take_scopes (char **field, JsonObject *object)
{
  g_autoptr (GString) known = g_string_new (NULL);
  for (const char *const *scope = scopes; *scope != NULL; scope++)
    if (est_json_lists (object, "scopes_supported", *scope))
      g_string_append_printf (known, "%s%s", known->len > 0 ? " " : "", *scope);
  if (*field == NULL && known->len > 0)
    *field = g_string_free (g_steal_pointer (&known), FALSE);
}

gboolean
est_metadata_take (EstAuthority *authority,
                   const char *text,
                   gsize length,
                   GError **error)
{
  g_autoptr (JsonObject) object = est_json_parse (text, length, NULL);
  if (object == NULL)
    return fail (error, "the metadata is no JSON object");
  if (g_strcmp0 (est_json_text (object, "issuer"), authority->issuer) != 0)
    return fail (error, "the metadata is of another issuer");
  take_page (&authority->authorize, object, "authorization_endpoint");
  take_page (&authority->token, object, "token_endpoint");
  take_page (&authority->device, object, "device_authorization_endpoint");
  take_page (&authority->registration, object, "registration_endpoint");
  take_scopes (&authority->scope, object);
  authority->promises_iss
    = est_json_is_true (object, "authorization_response_iss_parameter_supported");
  return TRUE;
}

/* RFC 8414 3.1 puts it between host and path, OpenID Connect behind both. */
char **
est_metadata_places (const char *issuer)
{
  if (!est_candidate_is_page (issuer) || strpbrk (issuer, "?#") != NULL)
    return NULL;
  gsize host = strlen ("https://");
  host += strcspn (issuer + host, "/");
  gsize length = strlen (issuer);
  if (issuer[length - 1] == '/')
    length--;
  const char *path = issuer + host;
  int path_length = (int) (MAX (length, host) - host);
  char **places = g_new0 (char *, 3);
  places[0] = g_strdup_printf ("%.*s/.well-known/oauth-authorization-server%.*s",
                               (int) host, issuer, path_length, path);
  places[1] = g_strdup_printf ("%.*s/.well-known/openid-configuration",
                               (int) MAX (length, host), issuer);
  return places;
}

static gboolean
take_answer (EstAuthority *authority, const EstAnswer *answer, GError **error)
{
  if (est_answer_is_good (answer))
    return est_metadata_take (authority, answer->text, answer->length, error);
  EstFailure failure
    = est_answer_is_trouble (answer) ? EST_FAILURE_SERVER : EST_FAILURE_ANSWER;
  g_set_error (error, EST_FAILURE, (int) failure, "HTTP status %u", answer->status);
  return FALSE;
}

/* The second is for those who have nothing at the first; of two failures the first is
   told. */
static gboolean
fetch (EstAuthority *authority, GError **error)
{
  g_autoptr (GError) first = NULL;
  g_auto (GStrv) places = est_metadata_places (authority->issuer);
  if (places == NULL)
    return fail (error, "the issuer has no usual name");
  for (char **place = places; *place != NULL; place++)
    {
      GError *cause = NULL;
      g_auto (EstAnswer) answer = {0};
      const EstRequest request = {
        .url = *place,
        .ca_file = authority->ca_file,
        .redirections = REDIRECTIONS,
        .seconds = authority->seconds,
        .limit = EST_AUTHORITY_LIMIT,
      };
      if (!est_fetch (&request, &answer, &cause))
        return est_failure_set_fetch (error, cause);
      if (take_answer (authority, &answer, first == NULL ? &first : NULL))
        return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* Where it is only a client id that is missing, a server that publishes nothing is none
   that gives out any. */
gboolean
est_metadata_complete (EstAuthority *authority, char *const *endpoint, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean known = *endpoint != NULL && authority->token != NULL;
  gboolean named = authority->client != NULL || authority->registration != NULL;
  if ((!known || !named) && authority->issuer != NULL && !fetch (authority, &local)
      && !(known && g_error_matches (local, EST_FAILURE, EST_FAILURE_ANSWER)))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return (*endpoint != NULL && authority->token != NULL)
         || fail (error, "the server names no such endpoint");
}
