/* One mail transaction under way: what the two halves of a handover, envelope and
   content, share. Internal to relay/. */
#pragma once

#include "relay/handover.h"
#include "relay/talk.h"

typedef struct
{
  EstRelay *relay;
  EstEnvelope *envelope;
  const EstHandoverSource *source;
  EstOutcome *outcome;
  guint n_recipients;
  guint *asked; /* those this relay is asked about: numbers of recipients */
  guint n_asked;
  EstMailOptions options;   /* what the client asked for */
  EstExtensions extensions; /* of what it asked, what the relay knows */
  gboolean sender_taken;    /* MAIL FROM was answered with yes */
  guint n_taken;            /* recipients as well */
  gboolean go_ahead;        /* DATA was answered with 354: content is awaited */
} EstExchange;

/* Sends MAIL, RCPT and DATA and notes the verdicts. Afterwards either @go_ahead is set
   and somebody wants the content, or the transaction is over. */
void est_exchange_send_envelope (EstExchange *exchange);

/* Whether this relay can have this message as its client wants it (terms.c). Otherwise
   the verdicts are given. */
gboolean est_exchange_accepts_terms (EstExchange *exchange);

/* After the go-ahead: the content, the mark, the dot, the verdict. */
void est_exchange_send_content (EstExchange *exchange);

/* The outcome's reason becomes @reason if that is worse than what it is. */
void est_exchange_note (EstExchange *exchange,
                        EstReason reason,
                        const char *detail,
                        EstReply *reply);

/* The same for an error of the conversation, or of the source. Takes @error over. */
void est_exchange_note_error (EstExchange *exchange, GError *error);

/* Judges an answer that is about all recipients still open. */
void est_exchange_settle (EstExchange *exchange, EstStage stage, EstReply *reply);
