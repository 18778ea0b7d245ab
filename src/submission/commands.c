/* The commands of the receiving end, in one table with the phase each belongs to: wrong
   phase and unknown verb are answered in one place. */
#include "submission/commands.h"

#include "base/clock.h"
#include "mail/command.h"
#include "submission/answer.h"
#include "submission/chunks.h"
#include "submission/data.h"
#include "submission/offers.h"

#include <string.h>

#define VERB_SIZE 16

static void
forget (EstSession *session)
{
  g_clear_pointer (&session->chunks, est_chunks_free);
  est_transaction_reset (session->transaction);
}

static EstReply *
on_helo (EstSession *session, const char *argument)
{
  if (*argument == '\0')
    return est_answer (501, "5.5.4", "say your name too");
  session->greeted = TRUE;
  forget (session);
  return est_answer (250, NULL, EST_SESSION_NAME);
}

static EstReply *
on_ehlo (EstSession *session, const char *argument)
{
  g_autoptr (EstReply) plain = on_helo (session, argument);
  if (plain->code != 250)
    return g_steal_pointer (&plain);
  gboolean secure = est_wire_is_secure (session->wire);
  g_autofree char *offers
    = est_offers_format (session->settings, secure, est_clock_now ());
  g_autofree char *text = g_strconcat (EST_SESSION_NAME "\n", offers, NULL);
  return est_answer (250, NULL, text);
}

static EstReply *
on_mail (EstSession *session, const char *argument)
{
  gboolean secure = est_wire_is_secure (session->wire);
  return est_transaction_mail (session->transaction, argument,
                               est_offers_extensions (secure));
}

static EstReply *
on_rcpt (EstSession *session, const char *argument)
{
  return est_transaction_rcpt (session->transaction, argument);
}

static gint64
content_milliseconds (const EstSession *session)
{
  return (gint64) session->settings->submission.data_seconds * 1000;
}

/* The deadline spans the whole content: a client that drips octets cannot stretch it. */
static gboolean
receive (EstSession *session, EstIncoming *incoming, GError **problem)
{
  g_autoptr (EstReply) go = est_answer (354, NULL, "end the message with <CRLF>.<CRLF>");
  est_wire_set_deadline (session->wire, content_milliseconds (session));
  return est_session_say (session, go) && est_wire_flush (session->wire, NULL)
         && est_data_receive (session->wire, incoming, problem);
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
hang_up (EstSession *session)
{
  session->ended = TRUE;
  return NULL;
}

static EstReply *
on_data (EstSession *session, const char *argument)
{
  if (*argument != '\0')
    return est_answer (501, "5.5.4", "DATA stands alone");
  g_autoptr (EstIncoming) incoming
    = est_transaction_begin (session->transaction, session->program);
  g_autoptr (GError) problem = NULL;
  forget (session);
  if (!receive (session, incoming, &problem))
    return hang_up (session);
  return store (incoming, problem);
}

static gboolean
has_recipients (const EstSession *session)
{
  return est_transaction_has_recipients (session->transaction);
}

/* After a chunk that was refused, those behind it are read and refused as well until the
   client says RSET (RFC 3030 2). */
static EstReply *
judge_chunk (EstSession *session, gboolean last)
{
  if (session->chunks == NULL)
    return est_answer (503, "5.5.1", "no recipient has been taken");
  g_autoptr (GError) problem = est_chunks_problem (session->chunks, last);
  if (!last)
    return problem == NULL ? est_answer (250, "2.0.0", "chunk taken")
                           : est_answer_error (problem);
  EstReply *reply = store (est_chunks_incoming (session->chunks), problem);
  forget (session);
  return reply;
}

/* How long a chunk is, and whether it is the last one. */
static gboolean
read_chunk_size (const char *argument, guint64 *size, gboolean *last)
{
  char *end;
  if (!g_ascii_isdigit (*argument))
    return FALSE;
  *size = g_ascii_strtoull (argument, &end, 10);
  while (*end == ' ')
    end++;
  *last = g_ascii_strcasecmp (end, "LAST") == 0;
  return *size < G_MAXINT64 && (*last ? end[-1] == ' ' : *end == '\0');
}

/* Where a chunk's end cannot be told, everything behind it could be read as commands. */
static EstReply *
on_bdat (EstSession *session, const char *argument)
{
  guint64 size;
  gboolean last;
  g_autoptr (EstChunks) nobodys = NULL;
  if (!read_chunk_size (argument, &size, &last))
    {
      session->ended = TRUE;
      return est_answer (501, "5.5.4", "say BDAT, a number of octets, and perhaps LAST");
    }
  if (session->chunks == NULL && has_recipients (session))
    session->chunks
      = est_chunks_new (est_transaction_begin (session->transaction, session->program));
  if (session->chunks == NULL)
    nobodys = est_chunks_new (NULL);
  if (!est_chunks_receive (nobodys ? nobodys : session->chunks, session->wire, size,
                           content_milliseconds (session)))
    return hang_up (session);
  return judge_chunk (session, last);
}

static EstReply *
on_rset (EstSession *session, const char *argument)
{
  if (*argument != '\0')
    return est_answer (501, "5.5.4", "RSET stands alone");
  forget (session);
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
  if (*argument == '\0')
    return est_answer (501, "5.5.4", "say whom to look for");
  return est_answer (252, "2.5.2", "the relay will know");
}

static EstReply *
on_missing (EstSession *session, const char *argument)
{
  return est_answer (502, "5.5.1", "there are no lists here");
}

static EstReply *
on_help (EstSession *session, const char *argument)
{
  return est_answer (214, "2.0.0",
                     "EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT\n"
                     "hand in your mail; see: man estafeta");
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
  PHASE_RECIPIENT, /* after a RCPT that was taken; no chunk yet */
} Phase;

typedef struct
{
  const char *verb;
  Phase phase;
  gboolean addresses; /* may hold letters beyond ASCII (RFC 6531 3.2) */
  EstReply *(*run) (EstSession *session, const char *argument);
} Command;

static const Command commands[] = {
  {"EHLO", PHASE_ANY,       FALSE, on_ehlo   },
  {"HELO", PHASE_ANY,       FALSE, on_helo   },
  {"MAIL", PHASE_GREETED,   TRUE,  on_mail   },
  {"RCPT", PHASE_SENDER,    TRUE,  on_rcpt   },
  {"DATA", PHASE_RECIPIENT, FALSE, on_data   },
  {"BDAT", PHASE_ANY,       FALSE, on_bdat   },
  {"RSET", PHASE_ANY,       FALSE, on_rset   },
  {"NOOP", PHASE_ANY,       TRUE,  on_noop   },
  {"VRFY", PHASE_ANY,       TRUE,  on_vrfy   },
  {"EXPN", PHASE_ANY,       TRUE,  on_missing},
  {"HELP", PHASE_ANY,       TRUE,  on_help   },
  {"QUIT", PHASE_ANY,       FALSE, on_quit   },
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
      return est_transaction_has_sender (session->transaction) && session->chunks == NULL;
    default:
      return has_recipients (session) && session->chunks == NULL;
    }
}

EstReply *
est_command_answer (EstSession *session)
{
  char verb[VERB_SIZE];
  const GString *line = session->line;
  if (!est_command_is_free_of_controls (line->str, line->len))
    return est_answer (500, "5.5.2", "commands hold no control characters");
  gboolean ascii = est_command_is_text (line->str, line->len);
  const char *argument = est_command_split (session->line->str, verb, sizeof verb);
  const Command *command = find_command (verb);
  if (command == NULL || (!ascii && !command->addresses))
    return est_answer (500, "5.5.1", "unknown command");
  if (!is_in_phase (session, command->phase))
    return est_answer (503, "5.5.1", "not at this point of the conversation");
  return command->run (session, argument);
}
