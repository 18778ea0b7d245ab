#include "web/grant.h"

#include "base/secret.h"
#include "web/failure.h"
#include "web/json-text.h"

#define TOKEN_LIMIT    (16 * 1024) /* octets; RFC 4954 4 has 12,288 for all of AUTH */
#define LONGEST_EXPIRY (G_GINT64_CONSTANT (10) * 366 * 24 * 3600)

void
est_grant_free (EstGrant *grant)
{
  est_secret_free_text (grant->access);
  est_secret_free_text (grant->refresh);
  g_free (grant->scope);
  g_free (grant);
}

static gboolean
fail (GError **error, EstFailure failure, const char *words)
{
  g_set_error_literal (error, EST_FAILURE, (int) failure, words);
  return FALSE;
}

/* The status alone, which tells more than words where it is not the request that is
   wrong. */
static gboolean
say_status (const EstAnswer *answer, const char *words, GError **error)
{
  g_autofree char *status = g_strdup_printf ("HTTP status %u", answer->status);
  EstFailure failure
    = est_answer_is_trouble (answer) ? EST_FAILURE_SERVER : EST_FAILURE_ANSWER;
  return fail (error, failure, words != NULL ? words : status);
}

/* Some servers send an error with 200. */
gboolean
est_grant_is_success (const EstAnswer *answer, GError **error)
{
  g_autoptr (JsonObject) object = est_json_parse (answer->text, answer->length, NULL);
  const char *code = object != NULL ? est_json_text (object, "error") : NULL;
  const char *words = object != NULL ? est_json_text (object, "error_description") : NULL;
  if (est_answer_is_trouble (answer))
    return say_status (answer, words, error);
  if (code != NULL)
    return est_failure_set_code (error, code, words);
  if (!est_answer_is_good (answer))
    return say_status (answer, NULL, error);
  return object != NULL || fail (error, EST_FAILURE_ANSWER, "it is no JSON object");
}

/* RFC 6749 A.12 and A.17: visible ASCII. */
static gboolean
is_token (const char *text)
{
  gsize length = 0;
  for (; text[length] != '\0'; length++)
    if (text[length] < 0x20 || text[length] > 0x7e || length == TOKEN_LIMIT)
      return FALSE;
  return length > 0;
}

/* RFC 6749 7.1: a type that is not known must not be used. Not to name it is an old
   habit of servers that give out no other. */
static gboolean
is_usable (JsonObject *object)
{
  const char *access = est_json_text (object, "access_token");
  const char *refresh = est_json_text (object, "refresh_token");
  const char *type = est_json_text (object, "token_type");
  return access != NULL && is_token (access) && (refresh == NULL || is_token (refresh))
         && (type == NULL || g_ascii_strcasecmp (type, "bearer") == 0);
}

EstGrant *
est_grant_read (const EstAnswer *answer, GError **error)
{
  if (!est_grant_is_success (answer, error))
    return NULL;
  g_autoptr (JsonObject) object = est_json_parse (answer->text, answer->length, NULL);
  if (!is_usable (object))
    {
      fail (error, EST_FAILURE_ANSWER, "it holds no token that could be used");
      return NULL;
    }
  EstGrant *grant = g_new0 (EstGrant, 1);
  grant->access = g_strdup (est_json_text (object, "access_token"));
  grant->refresh = g_strdup (est_json_text (object, "refresh_token"));
  grant->scope = g_strdup (est_json_text (object, "scope"));
  grant->expires = MIN (est_json_number (object, "expires_in", 0), LONGEST_EXPIRY);
  return grant;
}

EstGrant *
est_grant_ask (const EstAuthority *authority, GString *form, GError **error)
{
  g_auto (EstAnswer) answer = {0};
  if (!est_authority_post (authority, authority->token, form, &answer, error))
    return NULL;
  return est_grant_read (&answer, error);
}
