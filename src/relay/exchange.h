/* One mail transaction under way: what the two halves of a handover, envelope and
   content, share. Internal to relay/. */
#pragma once

#include "relay/handover.h"
#include "relay/talk.h"

/* Content on its way through a conversion (fitting.c). */
typedef struct EstFitting EstFitting;

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
  EstMailOptions options;   /* what the client asked for */
  EstExtensions extensions; /* of what it asked, what the relay knows */
  gboolean sender_taken;    /* MAIL FROM was answered with yes */
  guint n_taken;            /* recipients as well */
  gboolean go_ahead;        /* content is awaited: DATA was answered with 354 */
} EstExchange;

/* Sends MAIL, RCPT and, unless it goes by chunks, DATA and notes the verdicts. Afterwards
   either @go_ahead is set and somebody wants the content, or the transaction is over. */
void est_exchange_send_envelope (EstExchange *exchange);

/* Whether this relay can have this message as its client wants it (terms.c). Otherwise
   the verdicts are given. */
gboolean est_exchange_accepts_terms (EstExchange *exchange);

/* Content declared BINARYMIME for a relay that does not take it: from here on it is
   converted while it is read. FALSE: it cannot be, and the verdicts are given. */
gboolean est_exchange_fit_content (EstExchange *exchange);
void est_fitting_free (EstFitting *fitting);

/* After the go-ahead: the content, the mark, the dot, the verdict. */
void est_exchange_send_content (EstExchange *exchange);

/* BINARYMIME: the same by BDAT (RFC 3030 2), without DATA and dot. */
void est_exchange_send_chunks (EstExchange *exchange);

/* What the answer to a chunk means for the next command. */
void est_exchange_note_chunk (EstExchange *exchange, const EstReply *reply);

/* What both do (content.c). The next piece; NULL: the exchange is over. */
GBytes *est_exchange_read_piece (EstExchange *exchange);

/* Hands octets of content to the kernel, with a time limit for each block of them. FALSE:
   the exchange is over. */
gboolean est_exchange_send_octets (EstExchange *exchange, const char *data, gsize length);

/* Makes the mark durable, sends the last octets and waits for the verdict: from here on
   no answer means doubt. */
void est_exchange_send_last (EstExchange *exchange, const char *octets, gsize length);

/* A refusal of our own, 554, for all recipients. */
void est_exchange_refuse (EstExchange *exchange, const char *status, const char *text);

/* The outcome's reason becomes @reason if that is worse than what it is. */
void est_exchange_note (EstExchange *exchange,
                        EstReason reason,
                        const char *detail,
                        EstReply *reply);

/* The same for an error of the conversation, or of the source. Takes @error over. */
void est_exchange_note_error (EstExchange *exchange, GError *error);

/* After an envelope that nobody was taken of: whom its refusals are about (hindsight.c).
 */
void est_exchange_reconsider (EstExchange *exchange);

/* Judges an answer that is about all recipients still open. */
void est_exchange_settle (EstExchange *exchange, EstStage stage, EstReply *reply);
