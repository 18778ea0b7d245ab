/* Hands mail in as fast as it is taken, on some conversations at once, and measures how
   long the answer to each final dot takes. Every message carries the moment it went out.
 */
#include "samples.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

static int port, conversations = 1, messages = 1000, size = 4096, pause_us;
static gboolean greeting_only;
static int taken; /* atomic: messages begun */

typedef struct
{
  GSocketConnection *connection;
  GDataInputStream *in;
  GOutputStream *out;
} Talk;

static void
die (const char *what)
{
  g_printerr ("bench-load: %s\n", what);
  exit (1);
}

static gboolean
connect_talk (Talk *talk)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  talk->connection
    = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) port, NULL, NULL);
  if (talk->connection == NULL)
    return FALSE;
  g_socket_set_option (g_socket_connection_get_socket (talk->connection), IPPROTO_TCP,
                       TCP_NODELAY, 1, NULL);
  talk->in = g_data_input_stream_new (
    g_io_stream_get_input_stream (G_IO_STREAM (talk->connection)));
  g_data_input_stream_set_newline_type (talk->in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  talk->out = g_io_stream_get_output_stream (G_IO_STREAM (talk->connection));
  return TRUE;
}

static void
close_talk (Talk *talk)
{
  g_clear_object (&talk->in);
  g_clear_object (&talk->connection);
}

static void
expect (Talk *talk, char class)
{
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (talk->in, NULL, NULL, NULL);
      if (line == NULL || line[0] != class)
        die (line != NULL ? line : "the connection was closed");
      if (line[3] != '-')
        return;
    }
}

static void
say (Talk *talk, const char *text, gsize length)
{
  if (!g_output_stream_write_all (talk->out, text, length, NULL, NULL, NULL))
    die ("cannot write");
}

static char *
make_content (int number)
{
  GString *text = g_string_new (NULL);
  g_string_printf (text,
                   "From: <alice@example.org>\r\nTo: <bob@example.net>\r\n"
                   "Subject: bench %d\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
                   "Message-ID: <%d.%08x@example.org>\r\nX-Sent: %020" G_GINT64_FORMAT
                   "\r\n\r\n",
                   number, number, g_random_int (), samples_now ());
  while (text->len < (gsize) size)
    g_string_append (text,
                     "The quick brown fox jumps over the lazy dog, and over again.\r\n");
  g_string_append (text, ".\r\n");
  return g_string_free (text, FALSE);
}

static void
hand_in (Talk *talk, int number)
{
  static const char envelope[]
    = "MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n";
  say (talk, envelope, sizeof envelope - 1);
  expect (talk, '2');
  expect (talk, '2');
  expect (talk, '3');
  g_autofree char *content = make_content (number);
  gint64 begin = samples_now ();
  say (talk, content, strlen (content));
  expect (talk, '2');
  samples_add (samples_now () - begin);
}

static gpointer
converse (gpointer data)
{
  Talk talk = {0};
  if (!connect_talk (&talk))
    die ("cannot connect");
  expect (&talk, '2');
  say (&talk, "EHLO bench\r\n", 12);
  expect (&talk, '2');
  for (;;)
    {
      int number = __atomic_add_fetch (&taken, 1, __ATOMIC_RELAXED);
      if (number > messages)
        break;
      hand_in (&talk, number);
      if (pause_us > 0)
        g_usleep ((gulong) pause_us);
    }
  say (&talk, "QUIT\r\n", 6);
  close_talk (&talk);
  return NULL;
}

/* Connects again and again without a rest until a greeting comes: when did that begin? */
static void
await_greeting (void)
{
  gint64 begin = samples_now ();
  Talk talk = {0};
  while (!connect_talk (&talk))
    if (samples_now () - begin > G_GINT64_CONSTANT (20000000000))
      die ("no greeting");
  expect (&talk, '2');
  g_print ("%" G_GINT64_FORMAT "\n", samples_now ());
  close_talk (&talk);
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"port",          0, 0, G_OPTION_ARG_INT,  &port,          NULL, NULL},
    {"conversations", 0, 0, G_OPTION_ARG_INT,  &conversations, NULL, NULL},
    {"messages",      0, 0, G_OPTION_ARG_INT,  &messages,      NULL, NULL},
    {"size",          0, 0, G_OPTION_ARG_INT,  &size,          NULL, NULL},
    {"pause",         0, 0, G_OPTION_ARG_INT,  &pause_us,      NULL, NULL},
    {"greeting",      0, 0, G_OPTION_ARG_NONE, &greeting_only, NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL))
    die ("wrong options");
  if (greeting_only)
    {
      await_greeting ();
      return 0;
    }
  g_autofree GThread **threads = g_new (GThread *, conversations);
  gint64 begin = samples_now ();
  for (int i = 0; i < conversations; i++)
    threads[i] = g_thread_new ("talk", converse, NULL);
  for (int i = 0; i < conversations; i++)
    g_thread_join (threads[i]);
  samples_print ((guint64) messages, samples_now () - begin);
  return 0;
}
