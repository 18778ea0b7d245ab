/* For tests of conversations with the submission server: an outbox, settings, and the
   server's end of a socket pair in a thread. */
#pragma once

#include "intake-fixture.h"

#include "submission/session.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  EstIntake *intake;
  GSocket *socket;
  gboolean tls; /* from the start */
} Server;

static inline gpointer
serve (gpointer data)
{
  Server *server = data;
  if (server->tls)
    est_session_run_tls (server->intake, server->socket, NULL);
  else
    est_session_run (server->intake, server->socket, NULL);
  g_clear_object (&server->socket);
  return NULL;
}

/* Says @text in pieces of @piece octets and returns all that comes back. */
static inline char *
converse (Fixture *fixture, const char *text, gsize length, gsize piece)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  Server server = {fixture->intake, g_socket_new_from_fd (fds[0], NULL)};
  GThread *thread
    = g_thread_new ("serve", fixture->serve ? fixture->serve : serve, &server);
  g_autoptr (GString) heard = g_string_new (NULL);
  char buffer[4096];
  ssize_t got = read (fds[1], buffer, sizeof buffer);
  g_assert_cmpint (got, >, 0);
  g_string_append_len (heard, buffer, got);
  for (gsize at = 0; at < length; at += piece)
    if (send (fds[1], text + at, MIN (piece, length - at), MSG_NOSIGNAL) < 0)
      break;
  shutdown (fds[1], SHUT_WR);
  while ((got = read (fds[1], buffer, sizeof buffer)) > 0)
    g_string_append_len (heard, buffer, got);
  g_thread_join (thread);
  close (fds[1]);
  return g_string_free (g_steal_pointer (&heard), FALSE);
}

/* The codes of all replies in order: "220 250 ...". */
static inline char *
codes_of (const char *heard)
{
  g_autoptr (GString) codes = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (heard, "\r\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (strlen (*line) >= 3 && (*line)[3] != '-')
      g_string_append_printf (codes, "%s%.3s", codes->len > 0 ? " " : "", *line);
  return g_string_free (g_steal_pointer (&codes), FALSE);
}

static inline guint
count_stored (Fixture *fixture)
{
  EstCounts counts;
  g_assert_true (est_outbox_count (fixture->outbox, &counts, NULL));
  return counts.by_state[EST_STATE_WAITING];
}

#define HELLO  "EHLO me\r\n"
#define FROM   "MAIL FROM:<a@example.org>\r\n"
#define TO     "RCPT TO:<b@example.net>\r\n"
#define MAIL   FROM TO "DATA\r\n"
#define SAMPLE "Subject: s\r\n\r\nhello\r\n"

#define HUNDRED                                                                          \
  "012345678901234567890123456789012345678901234567890123456789012345678901234567890123" \
  "4567890123456789"
