/* libsoup with its redirections followed here, so that each can be looked at. What it
   keeps of an answer in its own buffers cannot be wiped: that ends with the process. */
#include "web/fetch.h"

#include "account/limit.h"
#include "base/secret.h"
#include "web/candidate.h"

#include <libsoup/soup.h>
#include <string.h>

void
est_answer_clear (EstAnswer *answer)
{
  if (answer->text != NULL)
    est_secret_wipe (answer->text, answer->length);
  g_clear_pointer (&answer->text, g_free);
}

gboolean
est_answer_is_good (const EstAnswer *answer)
{
  return SOUP_STATUS_IS_SUCCESSFUL (answer->status);
}

gboolean
est_answer_is_trouble (const EstAnswer *answer)
{
  return SOUP_STATUS_IS_SERVER_ERROR (answer->status) || answer->status == 429;
}

static gboolean
fail (GError **error, GIOErrorEnum code, const char *words)
{
  g_set_error_literal (error, G_IO_ERROR, code, words);
  return FALSE;
}

static SoupSession *
open_session (const EstRequest *request, GError **error)
{
  g_autoptr (SoupSession) session = soup_session_new_with_options (
    "timeout", request->seconds, "user-agent", "Estafeta", NULL);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  if (request->ca_file == NULL)
    return g_steal_pointer (&session);
  g_autoptr (GTlsDatabase) trust = g_tls_file_database_new (request->ca_file, error);
  if (trust == NULL)
    return NULL;
  soup_session_set_tls_database (session, trust);
  return g_steal_pointer (&session);
}

static SoupMessage *
make_message (const EstRequest *request, const char *url)
{
  const char *content = request->form != NULL ? request->form : request->json;
  const char *type
    = request->form != NULL ? SOUP_FORM_MIME_TYPE_URLENCODED : "application/json";
  SoupMessage *message = soup_message_new (content != NULL ? "POST" : "GET", url);
  if (message == NULL)
    return NULL;
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (content == NULL)
    return message;
  g_autoptr (GBytes) body = g_bytes_new_static (content, strlen (content));
  soup_message_set_request_body_from_bytes (message, type, body);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept",
                                "application/json");
  return message;
}

static gboolean
read_body (GInputStream *stream,
           gsize limit,
           EstAnswer *answer,
           GCancellable *late,
           GError **error)
{
  answer->text = g_malloc0 (limit + 2);
  return g_input_stream_read_all (stream, answer->text, limit + 1, &answer->length, late,
                                  error)
         && (answer->length <= limit
             || fail (error, G_IO_ERROR_INVALID_DATA, "it is too large"));
}

/* What is no HTTP is no answer of anybody. */
static gboolean
translate (GError *cause, GError **error)
{
  g_autoptr (GError) held = cause;
  if (held->domain == SOUP_SESSION_ERROR)
    return fail (error, G_IO_ERROR_INVALID_DATA, held->message);
  if (g_error_matches (held, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return fail (error, G_IO_ERROR_TIMED_OUT, "no answer in time");
  g_propagate_error (error, g_steal_pointer (&held));
  return FALSE;
}

static gboolean
ask (SoupSession *session,
     SoupMessage *message,
     gsize limit,
     EstAnswer *answer,
     GCancellable *late,
     GError **error)
{
  GError *cause = NULL;
  g_autoptr (GInputStream) stream = soup_session_send (session, message, late, &cause);
  if (stream == NULL || !read_body (stream, limit, answer, late, &cause))
    return translate (cause, error);
  answer->status = soup_message_get_status (message);
  return TRUE;
}

/* Where @message sends us; NULL: nowhere, or nowhere where it is safe. */
static char *
find_target (SoupMessage *message)
{
  const char *location = soup_message_headers_get_one (
    soup_message_get_response_headers (message), "Location");
  if (location == NULL || !SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (message)))
    return NULL;
  g_autoptr (GUri) target = g_uri_parse_relative (soup_message_get_uri (message),
                                                  location, SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *url = target != NULL ? g_uri_to_string (target) : NULL;
  return url != NULL && est_candidate_is_page (url) ? g_steal_pointer (&url) : NULL;
}

static gboolean
follow (SoupSession *session,
        const EstRequest *request,
        EstAnswer *answer,
        GCancellable *late,
        GError **error)
{
  gboolean posts = request->form != NULL || request->json != NULL;
  guint left = posts ? 0 : request->redirections;
  g_autofree char *here = g_strdup (request->url);
  for (;; left--)
    {
      g_autoptr (SoupMessage) message = make_message (request, here);
      if (message == NULL)
        return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "that is no address");
      if (!ask (session, message, request->limit, answer, late, error))
        return FALSE;
      char *next = left > 0 ? find_target (message) : NULL;
      if (next == NULL)
        return TRUE;
      est_answer_clear (answer);
      g_free (here);
      here = next;
    }
}

gboolean
est_fetch (const EstRequest *request, EstAnswer *answer, GError **error)
{
  *answer = (EstAnswer){0};
  if (!est_candidate_is_page (request->url))
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "that is no https address");
  g_autoptr (SoupSession) session = open_session (request, error);
  if (session == NULL)
    return FALSE;
  /* However slowly octets come. */
  g_autoptr (EstLimit) limit = est_limit_new (request->seconds, NULL);
  if (follow (session, request, answer, est_limit_get_cancellable (limit), error))
    return TRUE;
  est_answer_clear (answer);
  return FALSE;
}
