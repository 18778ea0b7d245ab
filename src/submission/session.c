/* The receiving end of SMTP: who is there, the first line, then command after command. */
#include "submission/session.h"

#include "mail/command.h"
#include "submission/admission.h"
#include "submission/answer.h"
#include "submission/commands.h"
#include "submission/starttls.h"

#include <string.h>

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

static void
allow_time (EstSession *session)
{
  est_wire_set_deadline (session->wire,
                         (gint64) session->settings->submission.command_seconds * 1000);
}

/* Who lets the time pass is told why it ends. */
static void
take_leave (EstSession *session, const GError *error)
{
  if (!g_error_matches (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT))
    return;
  est_wire_set_deadline (session->wire, 1000);
  if (est_wire_print (session->wire, NULL, "421 4.4.2 waited too long\r\n"))
    est_wire_flush (session->wire, NULL);
}

static gboolean
read_line (EstSession *session, gsize limit, EstReply **refusal)
{
  gboolean clean;
  g_autoptr (GError) error = NULL;
  if (est_wire_read_line (session->wire, session->line, limit, &clean, &error))
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
  take_leave (session, error);
  return FALSE;
}

gboolean
est_session_read_line (EstSession *session, gsize limit, EstReply **refusal)
{
  allow_time (session);
  return read_line (session, limit, refusal);
}

/* Other protocols that reach the port are cut off without a word: a web page's request, a
   TLS or TURN handshake. What cannot be a first line of SMTP never becomes a dialogue. */
static gboolean
cut_off (void)
{
  g_message ("closed a connection that does not speak SMTP");
  return FALSE;
}

/* What begins with no letter need not have a line end for a long time: a TLS or TURN
   handshake is not waited for. */
static gboolean
begins_like_a_line (EstSession *session)
{
  gsize length;
  g_autoptr (GError) error = NULL;
  const char *first = est_wire_peek (session->wire, &length, &error);
  if (first == NULL)
    {
      take_leave (session, error);
      return FALSE;
    }
  return *first == '\r' || *first == '\n' || est_command_is_text (first, 1) || cut_off ();
}

/* One deadline for all of it. */
static gboolean
read_first_line (EstSession *session, EstReply **refusal)
{
  const GString *line = session->line;
  allow_time (session);
  if (!begins_like_a_line (session) || !read_line (session, LINE_LIMIT, refusal))
    return FALSE;
  return (est_command_is_text (line->str, line->len) && !est_command_is_http (line->str))
         || cut_off ();
}

static void
converse (EstSession *session)
{
  for (gboolean first = TRUE; !session->ended; first = FALSE)
    {
      g_autoptr (EstReply) reply = NULL;
      if (!(first ? read_first_line (session, &reply)
                  : est_session_read_line (session, LINE_LIMIT, &reply)))
        return;
      if (reply == NULL)
        reply = est_command_answer (session);
      if (reply == NULL || !reply_to (session, reply)
          || !est_starttls_follow_up (session))
        return;
    }
  est_wire_flush (session->wire, NULL);
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
greet (EstSession *session, EstAdmission admission)
{
  if (admission == EST_ADMISSION_REFUSED)
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

static void
run (EstIntake *intake, GSocket *socket, gboolean tls, GCancellable *cancellable)
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
  EstAdmission admission = est_admission_decide (settings, socket, &session.origin);
  session.must_sign_in = admission == EST_ADMISSION_SIGN_IN;
  allow_time (&session);
  /* Whom we do not serve gets no handshake, and can read no 421 without one. */
  gboolean served = admission != EST_ADMISSION_REFUSED;
  gboolean reached = !tls || (served && est_starttls_at_once (&session));
  if (reached && greet (&session, admission))
    converse (&session);
  est_identity_unref (session.identity);
  est_chunks_free (session.chunks);
  est_origin_clear (&session.origin);
}

void
est_session_run (EstIntake *intake, GSocket *socket, GCancellable *cancellable)
{
  run (intake, socket, FALSE, cancellable);
}

void
est_session_run_tls (EstIntake *intake, GSocket *socket, GCancellable *cancellable)
{
  run (intake, socket, TRUE, cancellable);
}
