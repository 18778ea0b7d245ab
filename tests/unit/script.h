/* For tests: a relay that follows a script, in a thread, at a loopback port. One line of
   the script is one step:
     > text   says the text and CRLF
     + text   the same, in one packet with what is said next
     < text   reads a line, which must be the text ("<" alone: any line)
     .        reads lines up to the final dot, and keeps them
     ;        reads everything up to the end of the stream; no final dot may be in it
     = number reads so many octets, and keeps them
     -        the client must stay silent for a moment
     x        closes the connection

   At the end of the script it closes. What went otherwise is in @complaint. */
#pragma once

#include "wire/wire.h"

#include <string.h>

typedef struct
{
  const char *steps;
  GSocket *listener;
  guint16 port;
  GThread *thread;
  char *complaint;
  GString *content; /* as it came over the wire, without the final dot */
  gint n_content;   /* atomic: its length */
  gint dot_seen;    /* atomic */
} Script;

static void
complain (Script *script, const char *step, const char *what)
{
  if (script->complaint == NULL)
    script->complaint = g_strdup_printf ("at \"%s\": %s", step, what);
}

static gboolean
read_content (Script *script, EstWire *wire, GString *line)
{
  while (est_wire_read_line (wire, line, 100000, NULL, NULL))
    {
      if (strcmp (line->str, ".") == 0)
        {
          g_atomic_int_set (&script->dot_seen, TRUE);
          return TRUE;
        }
      g_string_append_printf (script->content, "%s\r\n", line->str);
      g_atomic_int_set (&script->n_content, (gint) script->content->len);
    }
  return FALSE;
}

static void
read_octets (Script *script, EstWire *wire, const char *step)
{
  gsize left = (gsize) g_ascii_strtoull (step + 2, NULL, 10);
  while (left > 0)
    {
      gsize length;
      const char *data = est_wire_peek (wire, &length, NULL);
      if (data == NULL)
        {
          complain (script, step, "fewer octets came");
          return;
        }
      length = MIN (length, left);
      g_string_append_len (script->content, data, (gssize) length);
      est_wire_consume (wire, length);
      g_atomic_int_set (&script->n_content, (gint) script->content->len);
      left -= length;
    }
}

static void
expect_line (Script *script, EstWire *wire, GString *line, const char *step)
{
  if (!est_wire_read_line (wire, line, 100000, NULL, NULL))
    complain (script, step, "no line came");
  else if (step[1] != '\0' && strcmp (step + 2, line->str) != 0)
    complain (script, step, line->str);
}

static gboolean
take_step (Script *script, EstWire *wire, const char *step)
{
  g_autoptr (GString) line = g_string_new (NULL);
  switch (step[0])
    {
    case '>':
      if (!est_wire_print (wire, NULL, "%s\r\n", step + 2)
          || !est_wire_flush (wire, NULL))
        complain (script, step, "the client is gone");
      return TRUE;
    case '+':
      return est_wire_print (wire, NULL, "%s\r\n", step + 2);
    case '<':
      expect_line (script, wire, line, step);
      return TRUE;
    case '=':
      read_octets (script, wire, step);
      return TRUE;
    case '.':
      if (!read_content (script, wire, line))
        complain (script, step, "no final dot came");
      return TRUE;
    case ';':
      if (read_content (script, wire, line))
        complain (script, step, "a final dot came");
      return TRUE;
    case '-':
      g_usleep (50000);
      if (est_wire_is_readable (wire))
        complain (script, step, "the client spoke");
      return TRUE;
    default:
      return FALSE;
    }
}

static gpointer
play (gpointer data)
{
  Script *script = data;
  g_auto (GStrv) steps = g_strsplit (script->steps, "\n", -1);
  g_autoptr (GSocket) socket = g_socket_accept (script->listener, NULL, NULL);
  g_autoptr (EstWire) wire = est_wire_new (socket, NULL);
  gboolean going = TRUE;
  est_wire_set_deadline (wire, 20000);
  for (char **step = steps; going && *step != NULL; step++)
    if (**step != '\0')
      going = take_step (script, wire, *step);
  return NULL;
}

/* What one relay has taught must not be told of another: no port comes twice. */
static GSocket *
listen_at_new_port (guint16 *port)
{
  static gboolean used[G_MAXUINT16 + 1];
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  for (;;)
    {
      g_autoptr (GSocket) socket = g_socket_new (
        G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
      g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
      g_assert_true (g_socket_listen (socket, NULL));
      g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);
      *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
      if (!used[*port])
        {
          used[*port] = TRUE;
          return g_steal_pointer (&socket);
        }
    }
}

static Script *
script_start (const char *steps)
{
  Script *script = g_new0 (Script, 1);
  script->steps = steps;
  script->content = g_string_new (NULL);
  script->listener = listen_at_new_port (&script->port);
  script->thread = g_thread_new ("relay", play, script);
  return script;
}

/* Waits for the end of the script, and that it went as written. */
static void
script_end (Script *script)
{
  g_clear_pointer (&script->thread, g_thread_join);
  g_assert_cmpstr (script->complaint, ==, NULL);
}

static void
script_free (Script *script)
{
  g_object_unref (script->listener);
  g_string_free (script->content, TRUE);
  g_free (script->complaint);
  g_free (script);
}

#define SCRIPT_LIMITS                                                                    \
  {                                                                                      \
    .connect_seconds = 5, .greeting_seconds = 1, .command_seconds = 1,                   \
    .data_seconds = 1, .block_seconds = 2, .final_seconds = 1, .keyring_seconds = 5,     \
  }
