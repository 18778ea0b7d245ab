/* Browsers open connections that they may never use, and so may anybody on this machine:
   many are held at a time, each for a short while, and the oldest gives way. */
#include "web/loopback.h"

#include "base/secret.h"
#include "wording/page.h"

#include <string.h>

#define HEAD_LIMIT    (16 * 1024) /* octets of a request */
#define MOST_VISITS   32
#define VISIT_SECONDS 10
#define BACKLOG       128 /* with the usual 10 a browser loses a second or more */

struct EstLoopback
{
  GSocketListener *listener;
  guint16 port;
  GMainLoop *loop;
  GCancellable *over;
  const char *state;
  EstRedirect *redirect; /* what was waited for; NULL: not yet */
  GQueue visits;         /* Visit, the oldest first */
  guint late;            /* the source that ends the waiting; 0: none */
  guint pending;         /* calls that will come back */
};

typedef struct
{
  EstLoopback *loopback;
  GSocketConnection *link;
  GCancellable *over;
  char *answer; /* what is being written */
  gboolean is_last;
  gsize length;
  char head[HEAD_LIMIT + 1];
} Visit;

EstLoopback *
est_loopback_open (GError **error)
{
  g_autoptr (EstLoopback) loopback = g_new0 (EstLoopback, 1);
  g_autoptr (GInetAddress) here = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (here, 0);
  g_autoptr (GSocketAddress) given = NULL;
  loopback->listener = g_socket_listener_new ();
  g_socket_listener_set_backlog (loopback->listener, BACKLOG);
  loopback->loop = g_main_loop_new (NULL, FALSE);
  loopback->over = g_cancellable_new ();
  g_queue_init (&loopback->visits);
  if (!g_socket_listener_add_address (loopback->listener, address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &given, error))
    return NULL;
  loopback->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (given));
  return g_steal_pointer (&loopback);
}

void
est_loopback_close (EstLoopback *loopback)
{
  g_socket_listener_close (loopback->listener);
  g_object_unref (loopback->listener);
  g_main_loop_unref (loopback->loop);
  g_object_unref (loopback->over);
  g_clear_pointer (&loopback->redirect, est_redirect_free);
  g_free (loopback);
}

guint16
est_loopback_port (const EstLoopback *loopback)
{
  return loopback->port;
}

static void
end_visit (Visit *visit)
{
  EstLoopback *loopback = visit->loopback;
  g_queue_remove (&loopback->visits, visit);
  g_io_stream_close (G_IO_STREAM (visit->link), NULL, NULL);
  g_object_unref (visit->link);
  g_object_unref (visit->over);
  g_free (visit->answer);
  if (visit->is_last)
    g_main_loop_quit (loopback->loop);
  est_secret_wipe (visit, sizeof *visit);
  g_free (visit);
}

static void
on_written (GObject *stream, GAsyncResult *result, gpointer data)
{
  Visit *visit = data;
  visit->loopback->pending--;
  g_output_stream_write_all_finish (G_OUTPUT_STREAM (stream), result, NULL, NULL);
  end_visit (visit);
}

/* RFC 8252 8.3 and 10.12 of RFC 6749: nothing of the answer is kept or handed on. */
static char *
make_page (const EstRedirect *redirect)
{
  g_autofree char *page = est_wording_page (redirect->error == NULL);
  return g_strdup_printf ("HTTP/1.1 200 OK\r\n"
                          "Content-Type: text/html; charset=utf-8\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n"
                          "Content-Security-Policy: default-src 'none'\r\n"
                          "Cache-Control: no-store\r\n"
                          "Referrer-Policy: no-referrer\r\n"
                          "Connection: close\r\n\r\n%s",
                          strlen (page), page);
}

static void
answer (Visit *visit)
{
  EstLoopback *loopback = visit->loopback;
  EstRedirect *redirect
    = loopback->redirect == NULL
        ? est_redirect_read (visit->head, visit->length, loopback->state)
        : NULL;
  visit->is_last = redirect != NULL;
  if (redirect != NULL)
    loopback->redirect = redirect;
  visit->answer = redirect != NULL
                    ? make_page (redirect)
                    : g_strdup ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n"
                                "Connection: close\r\n\r\n");
  loopback->pending++;
  g_output_stream_write_all_async (
    g_io_stream_get_output_stream (G_IO_STREAM (visit->link)), visit->answer,
    strlen (visit->answer), G_PRIORITY_DEFAULT, visit->over, on_written, visit);
}

static void listen_to (Visit *visit);

static void
on_heard (GObject *stream, GAsyncResult *result, gpointer data)
{
  Visit *visit = data;
  gssize got = g_input_stream_read_finish (G_INPUT_STREAM (stream), result, NULL);
  visit->loopback->pending--;
  if (got <= 0)
    {
      end_visit (visit);
      return;
    }
  visit->length += (gsize) got;
  if (g_strstr_len (visit->head, (gssize) visit->length, "\r\n\r\n") != NULL
      || visit->length == HEAD_LIMIT)
    answer (visit);
  else
    listen_to (visit);
}

static void
listen_to (Visit *visit)
{
  visit->loopback->pending++;
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (visit->link)),
                             visit->head + visit->length, HEAD_LIMIT - visit->length,
                             G_PRIORITY_DEFAULT, visit->over, on_heard, visit);
}

/* Takes @link. */
static void
begin_visit (EstLoopback *loopback, GSocketConnection *link)
{
  Visit *oldest = g_queue_peek_head (&loopback->visits);
  if (loopback->visits.length == MOST_VISITS)
    g_cancellable_cancel (oldest->over);
  Visit *visit = g_new0 (Visit, 1);
  visit->loopback = loopback;
  visit->link = link;
  visit->over = g_cancellable_new ();
  g_socket_set_timeout (g_socket_connection_get_socket (link), VISIT_SECONDS);
  g_queue_push_tail (&loopback->visits, visit);
  listen_to (visit);
}

static void let_in (EstLoopback *loopback);

static void
on_visit (GObject *listener, GAsyncResult *result, gpointer data)
{
  EstLoopback *loopback = data;
  GSocketConnection *link
    = g_socket_listener_accept_finish (G_SOCKET_LISTENER (listener), result, NULL, NULL);
  loopback->pending--;
  if (link != NULL)
    begin_visit (loopback, link);
  if (!g_cancellable_is_cancelled (loopback->over))
    let_in (loopback);
}

static void
let_in (EstLoopback *loopback)
{
  loopback->pending++;
  g_socket_listener_accept_async (loopback->listener, loopback->over, on_visit, loopback);
}

static gboolean
on_late (gpointer data)
{
  EstLoopback *loopback = data;
  loopback->late = 0;
  g_main_loop_quit (loopback->loop);
  return G_SOURCE_REMOVE;
}

/* Until each call has come back. */
static void
see_off (EstLoopback *loopback)
{
  g_cancellable_cancel (loopback->over);
  for (GList *link = loopback->visits.head; link != NULL; link = link->next)
    g_cancellable_cancel (((Visit *) link->data)->over);
  while (loopback->pending > 0)
    g_main_context_iteration (NULL, TRUE);
}

EstRedirect *
est_loopback_wait (EstLoopback *loopback, const char *state, gint64 until)
{
  gint64 left = MAX (until - g_get_monotonic_time (), 0);
  loopback->late = g_timeout_add ((guint) (left / 1000), on_late, loopback);
  loopback->state = state;
  let_in (loopback);
  g_main_loop_run (loopback->loop);
  g_clear_handle_id (&loopback->late, g_source_remove);
  see_off (loopback);
  return g_steal_pointer (&loopback->redirect);
}
