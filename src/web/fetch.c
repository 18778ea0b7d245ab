/* libsoup with its redirections followed here, so that each can be looked at. */
#include "web/fetch.h"

#include "account/limit.h"

#include <libsoup/soup.h>

#define REDIRECTIONS 3

static gboolean
fail (GError **error, GIOErrorEnum code, const char *words)
{
  g_set_error_literal (error, G_IO_ERROR, code, words);
  return FALSE;
}

/* Where @message sends us; NULL: nowhere where it is safe. */
static char *
find_target (SoupMessage *message)
{
  const char *location = soup_message_headers_get_one (
    soup_message_get_response_headers (message), "Location");
  if (location == NULL)
    return NULL;
  g_autoptr (GUri) target = g_uri_parse_relative (soup_message_get_uri (message),
                                                  location, SOUP_HTTP_URI_FLAGS, NULL);
  if (target == NULL || !g_str_equal (g_uri_get_scheme (target), "https"))
    return NULL;
  return g_uri_to_string (target);
}

static GBytes *
read_body (GInputStream *stream, GCancellable *late, GError **error)
{
  gsize length;
  g_autofree char *text = g_malloc (EST_FETCH_LIMIT + 1);
  if (!g_input_stream_read_all (stream, text, EST_FETCH_LIMIT + 1, &length, late, error))
    return NULL;
  if (length <= EST_FETCH_LIMIT)
    return g_bytes_new (text, length);
  fail (error, G_IO_ERROR_INVALID_DATA, "it is too large");
  return NULL;
}

/* NULL without an error: @next is where to go on. */
static GBytes *
fetch_once (
  SoupSession *session, const char *url, GCancellable *late, char **next, GError **error)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, url);
  if (message == NULL)
    {
      fail (error, G_IO_ERROR_INVALID_ARGUMENT, "that is no address");
      return NULL;
    }
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_autoptr (GInputStream) stream = soup_session_send (session, message, late, error);
  if (stream == NULL)
    return NULL;
  guint status = soup_message_get_status (message);
  if (status == SOUP_STATUS_OK)
    return read_body (stream, late, error);
  if (SOUP_STATUS_IS_REDIRECTION (status) && (*next = find_target (message)) != NULL)
    return NULL;
  fail (error, G_IO_ERROR_NOT_FOUND, "there is nothing");
  return NULL;
}

GBytes *
est_fetch (const char *url, GError **error)
{
  g_autoptr (SoupSession) session = soup_session_new_with_options (
    "timeout", EST_FETCH_SECONDS, "user-agent", "Estafeta", NULL);
  /* However slowly octets come. */
  g_autoptr (EstLimit) limit = est_limit_new (EST_FETCH_SECONDS, NULL);
  GCancellable *late = est_limit_get_cancellable (limit);
  g_autofree char *here = g_strdup (url);
  for (guint i = 0; i <= REDIRECTIONS; i++)
    {
      g_autofree char *next = NULL;
      g_autoptr (GError) local = NULL;
      GBytes *body = fetch_once (session, here, late, &next, &local);
      if (body != NULL)
        return body;
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      g_free (here);
      here = g_steal_pointer (&next);
    }
  fail (error, G_IO_ERROR_TOO_MANY_LINKS, "it sends us around");
  return NULL;
}
