/* A relay that keeps nothing: counts, and measures how long each message was on its way.
 */
#include "samples.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

static int port, expected;
static char *offers; /* EHLO lines, divided by commas */
static guint64 count, confirmed;
static gint64 first, last;
static GMutex mutex;
static GMainLoop *loop;

static gboolean
quit (gpointer data)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
note (gint64 sent)
{
  gint64 now = samples_now ();
  if (sent > 0)
    samples_add (now - sent);
  g_mutex_lock (&mutex);
  count++;
  first = first == 0 ? now : first;
  last = now;
  g_mutex_unlock (&mutex);
}

static gboolean
say (GOutputStream *out, const char *text)
{
  return g_output_stream_write_all (out, text, strlen (text), NULL, NULL, NULL);
}

/* Whoever ends before the answer is out leaves the other side in doubt. */
static gboolean
confirm (GOutputStream *out)
{
  gboolean said = say (out, "250 2.0.0 gone\r\n");
  g_mutex_lock (&mutex);
  confirmed++;
  gboolean all = expected > 0 && confirmed == (guint64) expected;
  g_mutex_unlock (&mutex);
  if (all)
    g_idle_add (quit, NULL);
  return said;
}

static gboolean
take_content (GDataInputStream *in, GOutputStream *out)
{
  gint64 sent = 0;
  gboolean header = TRUE;
  for (;;)
    {
      gsize length;
      g_autofree char *line = g_data_input_stream_read_line (in, &length, NULL, NULL);
      if (line == NULL)
        return FALSE;
      if (header && g_str_has_prefix (line, "X-Sent: "))
        sent = g_ascii_strtoll (line + 8, NULL, 10);
      header = header && length > 0;
      if (length == 1 && line[0] == '.')
        break;
    }
  note (sent);
  return confirm (out);
}

/* One chunk is a message: nothing larger comes here. */
static gboolean
take_chunk (GDataInputStream *in, GOutputStream *out, const char *argument)
{
  gsize length = (gsize) g_ascii_strtoull (argument, NULL, 10), got;
  g_autofree char *octets = g_malloc0 (length + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (in), octets, length, &got, NULL, NULL)
      || got < length)
    return FALSE;
  const char *sent = strstr (octets, "X-Sent: ");
  note (sent != NULL ? g_ascii_strtoll (sent + 8, NULL, 10) : 0);
  return confirm (out);
}

static gboolean
say_offers (GOutputStream *out)
{
  g_auto (GStrv) lines = g_strsplit (offers != NULL ? offers : "PIPELINING", ",", -1);
  g_autoptr (GString) text = g_string_new ("250-sink\r\n");
  for (char **line = lines; *line != NULL; line++)
    g_string_append_printf (text, "250-%s\r\n", *line);
  g_string_append (text, "250-8BITMIME\r\n250 SIZE 100000000\r\n");
  return say (out, text->str);
}

static gboolean
answer (GDataInputStream *in, GOutputStream *out, const char *line)
{
  if (g_ascii_strncasecmp (line, "EHLO", 4) == 0)
    return say_offers (out);
  if (g_ascii_strncasecmp (line, "BDAT ", 5) == 0)
    return take_chunk (in, out, line + 5);
  if (g_ascii_strncasecmp (line, "DATA", 4) == 0)
    return say (out, "354 go\r\n") && take_content (in, out);
  if (g_ascii_strncasecmp (line, "QUIT", 4) == 0)
    {
      say (out, "221 bye\r\n");
      return FALSE;
    }
  return say (out, "250 ok\r\n");
}

static gboolean
on_connection (GThreadedSocketService *service,
               GSocketConnection *connection,
               GObject *source,
               gpointer data)
{
  g_autoptr (GDataInputStream) in
    = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_data_input_stream_set_newline_type (in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_buffered_input_stream_set_buffer_size (G_BUFFERED_INPUT_STREAM (in), 65536);
  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP,
                       TCP_NODELAY, 1, NULL);
  gboolean more = say (out, "220 sink ESMTP\r\n");
  while (more)
    {
      g_autofree char *line = g_data_input_stream_read_line (in, NULL, NULL, NULL);
      more = line != NULL && answer (in, out, line);
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"port",   0, 0, G_OPTION_ARG_INT,    &port,     NULL, NULL},
    {"count",  0, 0, G_OPTION_ARG_INT,    &expected, NULL, NULL},
    {"offers", 0, 0, G_OPTION_ARG_STRING, &offers,   NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL))
    return 2;
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (200);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address
    = g_inet_socket_address_new (loopback, (guint16) port);
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (service), 512);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                      NULL, NULL))
    return 1;
  g_signal_connect (service, "run", G_CALLBACK (on_connection), NULL);
  loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGTERM, quit, NULL);
  g_main_loop_run (loop);
  samples_print (count, last - first);
  return 0;
}
