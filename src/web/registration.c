#include "web/registration.h"

#include "web/candidate.h"
#include "web/device.h"
#include "web/failure.h"
#include "web/grant.h"
#include "web/json-text.h"

static gboolean
fail (GError **error, EstFailure failure, const char *words)
{
  g_set_error_literal (error, EST_FAILURE, (int) failure, words);
  return FALSE;
}

static void
put_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

static void
put_list (JsonObject *object, const char *name, const char *const *texts)
{
  JsonArray *list = json_array_new ();
  for (; *texts != NULL; texts++)
    json_array_add_string_element (list, *texts);
  json_object_set_array_member (object, name, list);
}

/* What RFC 7591 2 and, for programs on a desktop, OpenID Connect Registration 2 have. The
   port in @redirect is another each time, which servers allow (RFC 8252 7.3). */
static char *
make_request (const EstAuthority *authority, const char *redirect)
{
  const char *const redirects[] = {redirect, NULL};
  static const char *const by_browser[] = {"authorization_code", "refresh_token", NULL};
  static const char *const by_device[] = {EST_DEVICE_GRANT_TYPE, "refresh_token", NULL};
  static const char *const codes[] = {"code", NULL};
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  put_text (object, "client_name", "Estafeta");
  put_text (object, "application_type", "native");
  put_text (object, "token_endpoint_auth_method", "none");
  put_text (object, "software_id", "org.estafeta.Estafeta");
  put_text (object, "software_version", VERSION);
  put_text (object, "scope", authority->scope);
  put_list (object, "redirect_uris", redirects);
  put_list (object, "grant_types", redirect != NULL ? by_browser : by_device);
  if (redirect != NULL)
    put_list (object, "response_types", codes);
  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

/* RFC 7591 3.2.1. */
gboolean
est_registration_take (EstAuthority *authority, const EstAnswer *answer, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (!est_grant_is_success (answer, &local))
    {
      gboolean refused = g_error_matches (local, EST_FAILURE, EST_FAILURE_REFUSED)
                         || answer->status == 401 || answer->status == 403;
      return fail (error, refused ? EST_FAILURE_CLIENT : (EstFailure) local->code,
                   local->message);
    }
  g_autoptr (JsonObject) object = est_json_parse (answer->text, answer->length, NULL);
  const char *client = est_json_text (object, "client_id");
  const char *secret = est_json_text (object, "client_secret");
  if (client == NULL || !est_candidate_is_words (client)
      || (secret != NULL && !est_candidate_is_words (secret)))
    return fail (error, EST_FAILURE_ANSWER, "it holds no client id that could be used");
  authority->client = g_strdup (client);
  authority->client_secret = g_strdup (secret);
  return TRUE;
}

gboolean
est_registration_ask (EstAuthority *authority, const char *redirect, GError **error)
{
  if (authority->client != NULL)
    return TRUE;
  if (authority->registration == NULL)
    return fail (error, EST_FAILURE_CLIENT_MISSING, "no client id");
  GError *cause = NULL;
  g_auto (EstAnswer) answer = {0};
  g_autofree char *json = make_request (authority, redirect);
  const EstRequest request = {
    .url = authority->registration,
    .json = json,
    .ca_file = authority->ca_file,
    .seconds = authority->seconds,
    .limit = EST_AUTHORITY_LIMIT,
  };
  if (!est_fetch (&request, &answer, &cause))
    return est_failure_set_fetch (error, cause);
  return est_registration_take (authority, &answer, error);
}
