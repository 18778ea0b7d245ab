/* A line of a certain length: hands every octet on so many milliseconds after it came,
   either way, as many of them as come, up to a bound. */
#include "samples.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#define BOUND (64 * 1024 * 1024) /* octets on their way in one direction */

static int port, to, delay_ms;

typedef struct
{
  GBytes *octets; /* none: the end */
  gint64 due;
} Piece;

typedef struct
{
  GSocket *from, *to;
  GMutex mutex; /* guards what is below */
  GCond changed;
  GQueue pieces;
  gsize on_its_way;
  gboolean broken;
} Way;

static void
enqueue (Way *way, const char *data, gsize length)
{
  Piece *piece = g_new (Piece, 1);
  *piece = (Piece){g_bytes_new (data, length),
                   samples_now () + (gint64) delay_ms * G_GINT64_CONSTANT (1000000)};
  g_mutex_lock (&way->mutex);
  while (way->on_its_way > BOUND && !way->broken)
    g_cond_wait (&way->changed, &way->mutex);
  way->on_its_way += length;
  g_queue_push_tail (&way->pieces, piece);
  g_cond_broadcast (&way->changed);
  g_mutex_unlock (&way->mutex);
}

static gpointer
take_in (gpointer data)
{
  Way *way = data;
  char octets[65536];
  gssize got;
  do
    {
      got = g_socket_receive (way->from, octets, sizeof octets, NULL, NULL);
      enqueue (way, octets, (gsize) MAX (got, 0));
    }
  while (got > 0);
  return NULL;
}

static Piece *
dequeue (Way *way)
{
  g_mutex_lock (&way->mutex);
  while (g_queue_is_empty (&way->pieces))
    g_cond_wait (&way->changed, &way->mutex);
  Piece *piece = g_queue_pop_head (&way->pieces);
  way->on_its_way -= g_bytes_get_size (piece->octets);
  g_cond_broadcast (&way->changed);
  g_mutex_unlock (&way->mutex);
  return piece;
}

static gboolean
send_all (GSocket *socket, GBytes *octets)
{
  gsize length;
  const char *data = g_bytes_get_data (octets, &length);
  while (length > 0)
    {
      gssize sent = g_socket_send (socket, data, length, NULL, NULL);
      if (sent < 0)
        return FALSE;
      data += sent;
      length -= (gsize) sent;
    }
  return TRUE;
}

/* Returns when the end has come through. */
static gpointer
hand_on (gpointer data)
{
  Way *way = data;
  gboolean ended = FALSE;
  while (!ended)
    {
      Piece *piece = dequeue (way);
      gint64 left = piece->due - samples_now ();
      if (left > 0)
        g_usleep ((gulong) (left / 1000));
      ended = g_bytes_get_size (piece->octets) == 0;
      if (!way->broken && !send_all (way->to, piece->octets))
        {
          g_mutex_lock (&way->mutex);
          way->broken = TRUE;
          g_cond_broadcast (&way->changed);
          g_mutex_unlock (&way->mutex);
        }
      g_bytes_unref (piece->octets);
      g_free (piece);
    }
  g_socket_shutdown (way->to, FALSE, TRUE, NULL);
  return NULL;
}

static void
run_both (GSocket *near, GSocket *far)
{
  Way ways[2] = {
    {.from = near, .to = far },
    {.from = far,  .to = near}
  };
  GThread *threads[4];
  for (guint i = 0; i < 2; i++)
    {
      g_mutex_init (&ways[i].mutex);
      g_cond_init (&ways[i].changed);
      g_queue_init (&ways[i].pieces);
      threads[2 * i] = g_thread_new ("in", take_in, &ways[i]);
      threads[2 * i + 1] = g_thread_new ("on", hand_on, &ways[i]);
    }
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
}

/* The server has a connection when the third part of the handshake has come to it. */
static gboolean
on_connection (GThreadedSocketService *service,
               GSocketConnection *connection,
               GObject *source,
               gpointer data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_usleep ((gulong) delay_ms * 3000);
  g_autoptr (GSocketConnection) far
    = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) to, NULL, NULL);
  if (far == NULL)
    return TRUE;
  GSocket *sockets[]
    = {g_socket_connection_get_socket (connection), g_socket_connection_get_socket (far)};
  for (guint i = 0; i < 2; i++)
    g_socket_set_option (sockets[i], IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  run_both (sockets[0], sockets[1]);
  return TRUE;
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"port",  0, 0, G_OPTION_ARG_INT, &port,     NULL, NULL},
    {"to",    0, 0, G_OPTION_ARG_INT, &to,       NULL, NULL},
    {"delay", 0, 0, G_OPTION_ARG_INT, &delay_ms, NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL))
    return 2;
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (50);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address
    = g_inet_socket_address_new (loopback, (guint16) port);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                      NULL, NULL))
    return 1;
  g_signal_connect (service, "run", G_CALLBACK (on_connection), NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (loop);
  return 0;
}
