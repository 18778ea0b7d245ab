/* One mail transaction under way: what the parts of a handover share. Internal to
   relay/. Commands are numbered as they are sent: 0 is MAIL, 1..n the recipients it is
   asked about; then DATA and the final dot, or the chunks (BDAT) of the content. Answers
   come in the same order. */
#pragma once

#include "account/acquaintance.h"
#include "mail/lines.h"
#include "relay/handover.h"
#include "relay/talk.h"

/* Content on its way through a conversion (fitting.c). */
typedef struct EstFitting EstFitting;

/* Of one recipient, in this transaction. */
typedef enum
{
  EST_FATE_UNASKED,
  EST_FATE_ASKED, /* not answered yet */
  EST_FATE_TAKEN,
  EST_FATE_ASIDE, /* not now: for a further transaction */
  EST_FATE_OVER,  /* it has an answer of its own */
} EstFate;

typedef struct
{
  EstRelay *relay;
  EstEnvelope *envelope;
  const EstHandoverSource *source; /* the caller's, or that of @fitting */
  EstFitting *fitting;             /* NULL: the content goes as it is */
  EstBody body;                    /* of the content as it goes */
  EstOutcome *outcome;
  guint n_recipients;
  guint *asked; /* those this relay is asked about: numbers of recipients */
  guint n_asked;
  EstFate *fates;           /* of all recipients */
  EstMailOptions options;   /* what the client asked for */
  EstExtensions extensions; /* of what it asked, what the relay knows */

  /* How it is spoken. */
  EstManners manners;
  gboolean chunks;   /* content goes by BDAT */
  gboolean flies;    /* ... in one flight with the envelope */
  guint longest;     /* how many commands may wait for their answers */
  guint n_flown;     /* commands in flights of more than one: up to there */
  GByteArray *ahead; /* content that was read before its time; NULL: none (any more) */
  gboolean all_ahead;
  EstLines lines; /* of content that goes by BDAT */

  /* How far it is. */
  guint n_written, n_answered; /* commands */
  guint last_chunk;            /* its number; 0: not begun */
  gboolean chunk_open;         /* not all of the latest chunk is out */
  gboolean last_out;           /* all of the content is */
  gboolean sender_taken;       /* MAIL FROM was answered with yes */
  guint n_taken;               /* recipients as well */
  guint limit;                 /* how many were when the next was too many; 0: none was */
  gboolean go_ahead;           /* content is awaited: DATA was answered with 354 */
  EstReply *refusal;           /* of a chunk before the last; NULL: none */
  gboolean concluded;          /* all there is to say about this transaction was said */
  gboolean out_of_step;        /* answers do not fit the commands */
  gboolean broken;             /* the connection broke in the middle of a flight */
} EstExchange;

/* Terms (terms.c): whether this relay can have this message as its client wants it.
   Otherwise the verdicts are given. */
gboolean est_exchange_accepts_terms (EstExchange *exchange);

/* Whether this relay takes the content as it is; otherwise it is to be fitted. */
gboolean est_exchange_takes_content (const EstExchange *exchange);

/* From here on the content is converted while it is read. FALSE: it cannot be, and the
   verdicts are given. */
gboolean est_exchange_fit_content (EstExchange *exchange);
void est_fitting_free (EstFitting *fitting);

/* Shares (share.c): of the recipients that can be asked about, as many as the relay takes
   in one transaction. */
void est_exchange_share (EstExchange *exchange);

/* No further recipient is asked about. */
void est_exchange_stop_asking (EstExchange *exchange);

/* Notes what the relay taught, and whose turn is next. */
void est_exchange_conclude (EstExchange *exchange);

/* Cargo (cargo.c): reads content ahead that is small enough to go with the envelope.
   FALSE: it cannot be read, or must not be sent; the verdicts are given, and nothing was
   sent. */
gboolean est_exchange_load (EstExchange *exchange);

/* The next piece, as it was read; NULL: the exchange is over. */
GBytes *est_exchange_read_piece (EstExchange *exchange);

/* The same for BDAT: what must be in lines was looked at. */
GBytes *est_exchange_next_chunk (EstExchange *exchange);

/* Dropped in the middle of the content, if any has left: the relay must never see an end
   of it. Takes @error over. */
void est_exchange_abandon (EstExchange *exchange, GError *error);
void est_exchange_abandon_damaged (EstExchange *exchange, const char *what);

/* Envelope (envelope.c): writes a command that is no chunk. */
gboolean
est_exchange_write_command (EstExchange *exchange, guint command, GError **error);

/* Answers (answers.c): where in the conversation @command is. */
EstStage est_exchange_stage (const EstExchange *exchange, guint command);

/* Reads the answer that is due next and notes what it means. FALSE: the exchange is over:
   none came, or nothing may follow it. */
gboolean est_exchange_read_answer (EstExchange *exchange);

/* The same for all that can be read without waiting. */
gboolean est_exchange_drain (EstExchange *exchange);

/* Whether it is known that nobody gets this message now, however it goes on. */
gboolean est_exchange_is_in_vain (const EstExchange *exchange);

/* Flights (flight.c): sends MAIL, RCPT and, unless content goes by chunks, DATA. What
   flies is not answered yet afterwards. Otherwise either somebody wants the content
   (@go_ahead), or the transaction is over. */
void est_exchange_send_envelope (EstExchange *exchange);

/* Whether a connection that ends with @error says that the relay bears no flights. */
gboolean est_exchange_breaks_flight (const EstExchange *exchange, const GError *error);

/* Content by DATA, by BDAT (RFC 3030 2), and what both do. */
void est_exchange_send_content (EstExchange *exchange);
void est_exchange_send_chunks (EstExchange *exchange);

/* Hands octets of content to the kernel, with a time limit for each block of them. FALSE:
   the exchange is over. */
gboolean est_exchange_send_octets (EstExchange *exchange, const char *data, gsize length);

/* Makes the mark durable, sends the last octets and waits for the verdict: from here on
   no answer means doubt. */
void est_exchange_send_last (EstExchange *exchange, const char *octets, gsize length);

/* A refusal of our own, for all recipients (terms.c). @detail: for the journal, in
   English, with the status it would have. */
void est_exchange_refuse (EstExchange *exchange,
                          EstReason reason,
                          const char *figures,
                          const char *detail);

/* When all is said: what the relay's refusals mean that were about our terms (terms.c).
 */
void est_exchange_interpret (EstExchange *exchange);

/* Verdicts (handover.c). */

/* The outcome's reason becomes @reason if that is worse than what it is. */
void est_exchange_note (EstExchange *exchange,
                        EstReason reason,
                        const char *detail,
                        EstReply *reply);

/* The same for an error of the conversation, or of the source. Takes @error over. */
void est_exchange_note_error (EstExchange *exchange, GError *error);

/* When all is said, and nobody was taken: whom the refusals are about (hindsight.c). */
void est_exchange_reconsider (EstExchange *exchange);

/* Judges an answer that is about the message as a whole: a yes is one for those that were
   taken, anything else is for everybody who has no answer yet. */
void est_exchange_settle (EstExchange *exchange, EstStage stage, EstReply *reply);

/* All content is out, and what became of it cannot be known: those who may have it are in
   doubt. Takes @error over. */
void est_exchange_doubt (EstExchange *exchange, GError *error);

/* Answers that do not fit: less lively from the next transaction on, which is to come at
   once, and not on this connection. */
void est_exchange_lose_step (EstExchange *exchange, EstReply *reply);
