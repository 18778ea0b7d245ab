/* The receiving end of SMTP: who is there, the first line, then command after command. */
#include "submission/session.h"

#include "mail/command.h"
#include "submission/answer.h"
#include "submission/commands.h"
#include "wire/peer.h"

#include <string.h>
#include <unistd.h>

/* Octets; RFC 5321 4.5.3.1.4 asks for 512, and more by extension. */
#define LINE_LIMIT 4096

/* Commands that made no sense, until the client is given up. */
#define MISTAKES_LIMIT 20

gboolean
est_session_say (EstSession *session, const EstReply *reply)
{
  g_autofree char *text = est_reply_format (reply);
  return est_wire_write (session->wire, text, strlen (text), NULL);
}

/* Replies are collected while a pipelining client's further commands are here already. */
static gboolean
reply_to (EstSession *session, const EstReply *reply)
{
  if (reply->code == 500 && ++session->mistakes >= MISTAKES_LIMIT)
    session->ended = TRUE;
  return est_session_say (session, reply)
         && (est_wire_has_input (session->wire) || est_wire_flush (session->wire, NULL));
}

/* FALSE when the conversation is over. */
static gboolean
read_command (EstSession *session, EstReply **refusal)
{
  gboolean clean;
  g_autoptr (GError) error = NULL;
  gint64 limit = (gint64) session->settings->submission.command_seconds * 1000;
  est_wire_set_deadline (session->wire, limit);
  if (est_wire_read_line (session->wire, session->line, LINE_LIMIT, &clean, &error))
    {
      if (!clean)
        *refusal = est_answer (500, "5.5.2", "lines must end with CRLF");
      return TRUE;
    }
  if (g_error_matches (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_LONG))
    {
      *refusal = est_answer (500, "5.5.6", "the line is too long");
      return est_wire_skip_line (session->wire, NULL);
    }
  if (g_error_matches (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT))
    {
      est_wire_set_deadline (session->wire, 1000);
      if (est_wire_print (session->wire, NULL, "421 4.4.2 waited too long\r\n"))
        est_wire_flush (session->wire, NULL);
    }
  return FALSE;
}

/* Other protocols that reach the port are cut off without a word: a web page's request, a
   TLS or TURN handshake. What cannot be a first line of SMTP never becomes a dialogue. */
static gboolean
speaks_something_else (const GString *line)
{
  return !est_command_is_text (line->str, line->len) || est_command_is_http (line->str);
}

static void
converse (EstSession *session)
{
  for (gboolean first = TRUE; !session->ended; first = FALSE)
    {
      g_autoptr (EstReply) reply = NULL;
      if (!read_command (session, &reply))
        return;
      if (first && speaks_something_else (session->line))
        {
          g_message ("closed a connection that does not speak SMTP");
          return;
        }
      if (reply == NULL)
        reply = est_command_answer (session);
      if (reply == NULL || !reply_to (session, reply))
        return;
    }
  est_wire_flush (session->wire, NULL);
}

/* Fails closed: without a fitting answer from the kernel nobody is served. */
static gboolean
is_ours (GSocket *socket)
{
  uid_t uid;
  g_autoptr (GError) error = NULL;
  if (!est_peer_uid (socket, &uid, &error))
    g_warning ("refused a connection whose owner is unknown: %s", error->message);
  else if (uid != geteuid ())
    g_warning ("refused a connection of another user (uid %u)", (guint) uid);
  else
    return TRUE;
  return FALSE;
}

/* Of a Unix socket's peer. */
static EstOrigin
find_origin (GSocket *socket)
{
  g_autoptr (GCredentials) peer = NULL;
  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX)
    peer = g_socket_get_credentials (socket, NULL);
  return peer != NULL ? est_origin_of_process (g_credentials_get_unix_pid (peer, NULL))
                      : (EstOrigin){0};
}

static void
say_and_flush (EstSession *session, const char *text)
{
  if (est_wire_write (session->wire, text, strlen (text), NULL))
    est_wire_flush (session->wire, NULL);
}

/* Who speaks before it is spoken to (RFC 5321 4.3.1) does not listen: a dialogue that
   something else was made to send, or a program that would believe anything to be a
   250. */
static gboolean
greet (EstSession *session, gboolean ours)
{
  if (!ours)
    say_and_flush (session, "421 4.7.0 another user's mail service\r\n");
  else if (est_wire_is_readable (session->wire))
    {
      g_message ("closed a connection that spoke before the greeting");
      say_and_flush (session, "554 5.5.1 wait for the greeting before you speak\r\n");
    }
  else
    {
      say_and_flush (session, "220 " EST_SESSION_NAME " ESMTP Estafeta\r\n");
      return TRUE;
    }
  return FALSE;
}

void
est_session_run (EstIntake *intake, GSocket *socket, GCancellable *cancellable)
{
  g_autoptr (EstWire) wire = est_wire_new (socket, cancellable);
  g_autoptr (EstSettings) settings = est_intake_settings (intake);
  g_autoptr (EstTransaction) transaction = est_transaction_new (intake);
  g_autoptr (GString) line = g_string_new (NULL);
  EstSession session = {.intake = intake,
                        .wire = wire,
                        .settings = settings,
                        .transaction = transaction,
                        .line = line};
  gboolean ours = is_ours (socket);
  session.origin = find_origin (socket);
  est_wire_set_deadline (wire, (gint64) settings->submission.command_seconds * 1000);
  if (greet (&session, ours))
    converse (&session);
  est_chunks_free (session.chunks);
  est_origin_clear (&session.origin);
}
