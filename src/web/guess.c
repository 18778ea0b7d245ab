/* TLS by GIO, which believes whom the system believes. */
#include "web/guess.h"

#include "account/limit.h"

#include <gio/gio.h>
#include <string.h>

#define SECONDS     6
#define REPLY_LIMIT 8192 /* octets */

typedef struct
{
  GIOStream *link;
  GCancellable *late;
} Talk;

/* A reply of one line or more, by single octets: nothing that comes after it may be
   read, for what comes before TLS is anybody's. TRUE if it is @code; @lines NULL: not
   wanted. RFC 5321 4.2.1. */
static gboolean
expect (const Talk *talk, const char *code, GString *lines)
{
  GInputStream *from = g_io_stream_get_input_stream (talk->link);
  g_autoptr (GString) all = g_string_new (NULL);
  for (gsize line = 0; all->len < REPLY_LIMIT;)
    {
      char c;
      if (g_input_stream_read (from, &c, 1, talk->late, NULL) != 1)
        return FALSE;
      g_string_append_c (all, c);
      if (c != '\n')
        continue;
      gboolean last = all->len - line < 4 || all->str[line + 3] != '-';
      if (last && lines != NULL)
        g_string_append (lines, all->str);
      if (last)
        return g_str_has_prefix (all->str + line, code);
      line = all->len;
    }
  return FALSE;
}

static gboolean
say (const Talk *talk, const char *line)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (talk->link), line,
                                    strlen (line), NULL, talk->late, NULL);
}

static gboolean
offers_starttls (const char *lines)
{
  g_auto (GStrv) all = g_strsplit (lines, "\n", -1);
  for (char **line = all; *line != NULL; line++)
    if (strlen (*line) > 4
        && g_ascii_strcasecmp (g_strchomp (*line) + 4, "STARTTLS") == 0)
      return TRUE;
  return FALSE;
}

/* RFC 3207 4. */
static gboolean
change_to_tls (Talk *talk, GSocketConnectable *identity)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  if (!expect (talk, "220", NULL) || !say (talk, "EHLO [127.0.0.1]\r\n")
      || !expect (talk, "250", lines) || !offers_starttls (lines->str)
      || !say (talk, "STARTTLS\r\n") || !expect (talk, "220", NULL))
    return FALSE;
  GIOStream *secured = g_tls_client_connection_new (talk->link, identity, NULL);
  if (secured == NULL
      || !g_tls_connection_handshake (G_TLS_CONNECTION (secured), talk->late, NULL))
    {
      g_clear_object (&secured);
      return FALSE;
    }
  g_object_unref (talk->link);
  talk->link = secured;
  return TRUE;
}

static GIOStream *
connect_to (GSocketConnectable *place, EstSecurity security, GCancellable *late)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_tls (client, security == EST_SECURITY_TLS);
  return (GIOStream *) g_socket_client_connect (client, place, late, NULL);
}

gboolean
est_guess_is_right (const char *host, guint16 port, EstSecurity security)
{
  g_autoptr (EstLimit) limit = est_limit_new (SECONDS, NULL);
  g_autoptr (GSocketConnectable) place = g_network_address_new (host, port);
  Talk talk = {.late = est_limit_get_cancellable (limit)};
  talk.link = connect_to (place, security, talk.late);
  if (talk.link == NULL)
    return FALSE;
  gboolean right = security == EST_SECURITY_TLS ? expect (&talk, "220", NULL)
                                                : change_to_tls (&talk, place);
  if (right)
    say (&talk, "QUIT\r\n");
  g_object_unref (talk.link);
  return right;
}
