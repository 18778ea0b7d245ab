/* What one conversation knows, and the answer to each of its commands. */
#pragma once

#include "base/origin.h"
#include "intake/intake.h"
#include "mail/reply.h"
#include "submission/chunks.h"
#include "submission/transaction.h"
#include "wire/wire.h"

#define EST_SESSION_NAME "localhost" /* never this machine's name */

typedef struct
{
  EstIntake *intake;
  EstWire *wire;
  EstSettings *settings;
  EstTransaction *transaction;
  EstChunks *chunks;     /* of a message that comes in chunks; else NULL */
  EstOrigin origin;      /* which program speaks */
  EstIdentity *identity; /* STARTTLS was granted: the handshake is next; else NULL */
  GString *line;         /* the command as read, without its line end */
  gboolean greeted;      /* EHLO or HELO was said */
  gboolean extended;     /* EHLO was */
  gboolean ended;
  gboolean must_sign_in; /* nobody vouches for it: no mail before AUTH */
  gboolean signed_in;    /* AUTH succeeded */
  guint failures;        /* sign-ins that came to nothing */
  guint mistakes;        /* commands that made no sense */
} EstSession;

/* Answers session->line, reading the message itself after DATA. NULL: the connection
 * broke. */
EstReply *est_command_answer (EstSession *session);

/* Forgets the transaction that was begun (RSET, EHLO, the end of a message). */
void est_session_forget (EstSession *session);

/* Reads a line of at most @limit octets, its CRLF included, into session->line. FALSE:
   the conversation is over. @refusal: what is wrong with the line, else it is left alone.
 */
gboolean est_session_read_line (EstSession *session, gsize limit, EstReply **refusal);

/* Puts @reply on the wire, without flushing. */
gboolean est_session_say (EstSession *session, const EstReply *reply);
