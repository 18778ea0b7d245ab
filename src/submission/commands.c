/* The commands of the receiving end, in one table with the phase each belongs to: wrong
   phase and unknown verb are answered in one place. */
#include "submission/commands.h"

#include "base/clock.h"
#include "intake/vet.h"
#include "mail/command.h"
#include "submission/answer.h"
#include "submission/content.h"
#include "submission/login.h"
#include "submission/offers.h"
#include "submission/starttls.h"

#include <string.h>

#define VERB_SIZE 16

void
est_session_forget (EstSession *session)
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
  session->extended = FALSE;
  est_session_forget (session);
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
  g_autofree char *text
    = g_strconcat (EST_SESSION_NAME "\n", est_login_offer (session), "\n", offers, NULL);
  session->extended = TRUE;
  return est_answer (250, NULL, text);
}

/* NULL: it may hand in, if only to have its person asked. */
static EstReply *
refuse_app (const EstSession *session)
{
  EstReason held;
  g_autoptr (GError) error = NULL;
  const EstOrigin *origin = &session->origin;
  return est_intake_vet (session->intake, origin->program, origin->sandboxed, &held,
                         &error)
           ? NULL
           : est_answer_error (error);
}

static EstReply *
on_mail (EstSession *session, const char *argument)
{
  gboolean secure = est_wire_is_secure (session->wire);
  if (session->must_sign_in)
    return est_answer (530, "5.7.0", "sign in first");
  EstReply *reply = refuse_app (session);
  if (reply == NULL)
    reply = est_transaction_mail (session->transaction, argument,
                                  est_offers_extensions (secure));
  session->ended = reply->code == 421;
  return reply;
}

static EstReply *
on_rcpt (EstSession *session, const char *argument)
{
  return est_transaction_rcpt (session->transaction, argument);
}

static EstReply *
on_rset (EstSession *session, const char *argument)
{
  if (*argument != '\0')
    return est_answer (501, "5.5.4", "RSET stands alone");
  est_session_forget (session);
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
                     "EHLO HELO AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT\n"
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
  {"EHLO",     PHASE_ANY,       FALSE, on_ehlo            },
  {"HELO",     PHASE_ANY,       FALSE, on_helo            },
  {"AUTH",     PHASE_GREETED,   FALSE, est_login_on_auth  },
  {"MAIL",     PHASE_GREETED,   TRUE,  on_mail            },
  {"RCPT",     PHASE_SENDER,    TRUE,  on_rcpt            },
  {"DATA",     PHASE_RECIPIENT, FALSE, est_content_on_data},
  {"BDAT",     PHASE_ANY,       FALSE, est_content_on_bdat},
  {"RSET",     PHASE_ANY,       FALSE, on_rset            },
  {"STARTTLS", PHASE_GREETED,   FALSE, est_starttls_answer},
  {"NOOP",     PHASE_ANY,       TRUE,  on_noop            },
  {"VRFY",     PHASE_ANY,       TRUE,  on_vrfy            },
  {"EXPN",     PHASE_ANY,       TRUE,  on_missing         },
  {"HELP",     PHASE_ANY,       TRUE,  on_help            },
  {"QUIT",     PHASE_ANY,       FALSE, on_quit            },
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
      return est_transaction_has_recipients (session->transaction)
             && session->chunks == NULL;
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
