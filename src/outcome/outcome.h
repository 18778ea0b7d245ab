/* What one attempt came to: per recipient, with the relay's exact words, and how it went
   there. Built by relay/, kept by outbox/, read by everybody. Immutable once handed on,
   reference counted; any thread. */
#pragma once

#include "mail/reply.h"
#include "outcome/reason.h"
#include "outcome/stage.h"

typedef enum
{
  EST_RECIPIENT_PENDING,  /* not settled: to be tried (again) */
  EST_RECIPIENT_SENT,     /* the relay took it over */
  EST_RECIPIENT_FAILED,   /* refused for good */
  EST_RECIPIENT_DOUBTFUL, /* content went out whole, no answer came */
} EstRecipientState;
#define EST_N_RECIPIENT_STATES (EST_RECIPIENT_DOUBTFUL + 1)

const char *est_recipient_state_nick (EstRecipientState state); /* "pending" ... */

typedef struct
{
  EstRecipientState state;
  EstReply *reply; /* what the relay said about it; NULL: nothing */

  /* SENT, and a report of success was asked for that this relay does not give ("relayed"
     in RFC 3461 5.2.2). */
  gboolean relayed;
} EstVerdict;

/* How the conversation ran, for the delivery note. Each may be NULL. */
typedef struct
{
  char *peer;      /* "192.0.2.1:465" */
  char *tls;       /* "TLS1.3 AES-256-GCM" */
  char *mechanism; /* "SCRAM-SHA-256" */
} EstRoute;

/* One answer of the relay, as it came. */
typedef struct
{
  EstStage stage;
  guint recipient; /* whose RCPT it answered: number of its verdict */
  EstReply *reply;
} EstAnswer;

typedef struct
{
  EstReason reason; /* NONE: sent to all, or to as many as the relay takes at once; else
                       the worst that happened */
  char *detail;     /* English, for the journal; NULL */
  char *figures; /* what its sentence needs besides: numbers and names divided by blanks,
                    by reason (see wording/particulars.c); NULL: nothing */
  EstReply *reply; /* the relay's last word; NULL */
  gint64 release;  /* until when it was to keep the message (RFC 4865); 0: not at all */
  EstRoute route;
  GArray *answers; /* EstAnswer: the greeting, and all since MAIL, in their order */
  gsize n_octets;  /* of their text */
  gboolean rest; /* recipients are PENDING without a reply because the relay takes no more
                    at once: their turn is now, in a further transaction */
  guint n_verdicts; /* as many as recipients were handed over, in their order */
  EstVerdict *verdicts;
} EstOutcome;

/* All verdicts start as PENDING without a reply. */
EstOutcome *est_outcome_new (guint recipients);
void est_outcome_unref (EstOutcome *outcome);

/* While it is being built. Copies @detail, references @reply. */
void est_outcome_set_reason (EstOutcome *outcome,
                             EstReason reason,
                             const char *detail,
                             EstReply *reply);
void est_outcome_set_verdict (EstOutcome *outcome,
                              guint i,
                              EstRecipientState state,
                              EstReply *reply);

/* Copies @figures; NULL: none. Goes with the reason as it stands. */
void est_outcome_set_figures (EstOutcome *outcome, const char *figures);

/* See there; for an outcome that neither pauses the account nor is in doubt. */
void est_outcome_set_rest (EstOutcome *outcome);

/* One more answer; @recipient counts with RCPT only. Of a flood of long ones the last are
   left out. */
void est_outcome_note_answer (EstOutcome *outcome,
                              EstStage stage,
                              guint recipient,
                              EstReply *reply);

/* Of a recipient that is SENT: see EstVerdict. */
void est_outcome_set_relayed (EstOutcome *outcome, guint i);

/* The same verdict for every recipient that is still PENDING without one of its own. */
void
est_outcome_settle_rest (EstOutcome *outcome, EstRecipientState state, EstReply *reply);

/* How many verdicts have @state. */
guint est_outcome_count (const EstOutcome *outcome, EstRecipientState state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstOutcome, est_outcome_unref)
