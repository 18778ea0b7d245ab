/* The commands of the receiving end, in one table with the phase each belongs to: wrong
   phase and unknown verb are answered in one place. */
#include "submission/commands.h"

#include "mail/command.h"
#include "submission/answer.h"
#include "submission/data.h"

#include <string.h>

#define VERB_SIZE 16

static EstReply *
on_helo (EstSession *session, const char *argument)
{
  if (*argument == '\0')
    return est_answer (501, "5.5.4", "say your name too");
  session->greeted = TRUE;
  est_transaction_reset (session->transaction);
  return est_answer (250, NULL, EST_SESSION_NAME);
}

static EstReply *
on_ehlo (EstSession *session, const char *argument)
{
  g_autoptr (EstReply) plain = on_helo (session, argument);
  if (plain->code != 250)
    return g_steal_pointer (&plain);
  g_autofree char *offers = g_strdup_printf (EST_SESSION_NAME "\nSIZE %" G_GUINT64_FORMAT
                                                              "\n8BITMIME\nPIPELINING"
                                                              "\nENHANCEDSTATUSCODES",
                                             session->settings->submission.size);
  return est_answer (250, NULL, offers);
}

static EstReply *
on_mail (EstSession *session, const char *argument)
{
  return est_transaction_mail (session->transaction, argument);
}

static EstReply *
on_rcpt (EstSession *session, const char *argument)
{
  return est_transaction_rcpt (session->transaction, argument);
}

/* The deadline spans the whole content: a client that drips octets cannot stretch it. */
static gboolean
receive (EstSession *session, EstIncoming *incoming, gboolean *unclean, GError **problem)
{
  g_autoptr (EstReply) go = est_answer (354, NULL, "end the message with <CRLF>.<CRLF>");
  gint64 limit = (gint64) session->settings->submission.data_seconds * 1000;
  est_wire_set_deadline (session->wire, limit);
  return est_session_say (session, go) && est_wire_flush (session->wire, NULL)
         && est_data_receive (session->wire, incoming, unclean, problem, NULL);
}

static EstReply *
store (EstIncoming *incoming, GError *problem)
{
  gint64 id;
  g_autoptr (GError) error = NULL;
  if (problem != NULL)
    return est_answer_error (problem);
  if (!est_incoming_store (incoming, &id, &error))
    {
      g_message ("a message was not taken: %s", error->message);
      return est_answer_error (error);
    }
  g_autofree char *text = g_strdup_printf ("queued as %" G_GINT64_FORMAT, id);
  return est_answer (250, "2.0.0", text);
}

static EstReply *
on_data (EstSession *session, const char *argument)
{
  if (*argument != '\0')
    return est_answer (501, "5.5.4", "DATA stands alone");
  g_autoptr (EstEnvelope) envelope = est_transaction_envelope (session->transaction);
  g_autoptr (EstIncoming) incoming = est_incoming_new (session->intake, envelope);
  g_autoptr (GError) problem = NULL;
  gboolean unclean;
  est_transaction_reset (session->transaction);
  if (!receive (session, incoming, &unclean, &problem))
    {
      session->ended = TRUE;
      return NULL;
    }
  if (unclean)
    return est_answer (554, "5.6.0",
                       "a bare CR or LF, or a NUL: lines must end with CRLF");
  return store (incoming, problem);
}

static EstReply *
on_rset (EstSession *session, const char *argument)
{
  est_transaction_reset (session->transaction);
  return est_answer (250, "2.0.0", "forgotten");
}

static EstReply *
on_noop (EstSession *session, const char *argument)
{
  return est_answer (250, "2.0.0", "here");
}

static EstReply *
on_vrfy (EstSession *session, const char *argument)
{
  return est_answer (252, "2.5.2", "the relay will know");
}

static EstReply *
on_help (EstSession *session, const char *argument)
{
  return est_answer (214, "2.0.0", "hand in your mail; see: man estafeta");
}

static EstReply *
on_quit (EstSession *session, const char *argument)
{
  session->ended = TRUE;
  return est_answer (221, "2.0.0", "goodbye");
}

typedef enum
{
  PHASE_ANY,       /* also before EHLO */
  PHASE_GREETED,   /* after EHLO, no MAIL yet */
  PHASE_SENDER,    /* after MAIL */
  PHASE_RECIPIENT, /* after a RCPT that was taken */
} Phase;

typedef struct
{
  const char *verb;
  Phase phase;
  EstReply *(*run) (EstSession *session, const char *argument);
} Command;

static const Command commands[] = {
  {"EHLO", PHASE_ANY,       on_ehlo},
  {"HELO", PHASE_ANY,       on_helo},
  {"MAIL", PHASE_GREETED,   on_mail},
  {"RCPT", PHASE_SENDER,    on_rcpt},
  {"DATA", PHASE_RECIPIENT, on_data},
  {"RSET", PHASE_ANY,       on_rset},
  {"NOOP", PHASE_ANY,       on_noop},
  {"VRFY", PHASE_ANY,       on_vrfy},
  {"HELP", PHASE_ANY,       on_help},
  {"QUIT", PHASE_ANY,       on_quit},
};

static const Command *
find_command (const char *verb)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (verb, commands[i].verb) == 0)
      return &commands[i];
  return NULL;
}

static gboolean
is_in_phase (const EstSession *session, Phase phase)
{
  switch (phase)
    {
    case PHASE_ANY:
      return TRUE;
    case PHASE_GREETED:
      return session->greeted && !est_transaction_has_sender (session->transaction);
    case PHASE_SENDER:
      return est_transaction_has_sender (session->transaction);
    default:
      return est_transaction_has_recipients (session->transaction);
    }
}

EstReply *
est_command_answer (EstSession *session)
{
  char verb[VERB_SIZE];
  if (!est_command_is_text (session->line->str, session->line->len))
    return est_answer (500, "5.5.2", "commands are printable ASCII");
  const char *argument = est_command_split (session->line->str, verb, sizeof verb);
  const Command *command = find_command (verb);
  if (command == NULL)
    return est_answer (500, "5.5.1", "unknown command");
  if (!is_in_phase (session, command->phase))
    return est_answer (503, "5.5.1", "not at this point of the conversation");
  return command->run (session, argument);
}
