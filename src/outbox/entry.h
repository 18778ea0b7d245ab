/* A message as the outbox knows it: a snapshot, not the row itself. Read only; any
   thread. Times are microseconds since 1970 UTC. */
#pragma once

#include "mail/envelope.h"
#include "outbox/database.h"
#include "outbox/state.h"
#include "outcome/outcome.h"

typedef struct
{
  char *address;
  char *options; /* see EstEnvelope */
  EstRecipientState state;
  char *reply;      /* the relay's last words about it on one line, or NULL */
  gboolean relayed; /* see EstVerdict */
} EstRecipient;

typedef struct
{
  gint64 id;
  EstState state;
  char *account;
  char *sender; /* "" for the null reverse-path */
  EstBody body;
  char *options;    /* see EstEnvelope */
  int priority;     /* -9..9: what is due and has more goes first (RFC 6710) */
  guint64 size;     /* octets of content, as handed over (not dot-stuffed) */
  char *message_id; /* with angle brackets */
  char *subject;    /* decoded, or NULL */
  char *program;    /* that handed it in, as far as that is known, or NULL */
  gint64 created;
  gint64 wanted;     /* the earliest time the person wants it to leave; 0: at once */
  gint64 not_before; /* 0: at once */

  /* SENT: its relay keeps it until then (RFC 4865), 0: sent it on at once. Else < 0: was
     to be handed over ahead of @wanted, and came back. */
  gint64 ahead;
  gint64 late;    /* when it fails if it has not left by then; 0: never */
  guint attempts; /* in which the relay answered about this message */

  /* How long the relay has put it off, in microseconds in which the account could send;
     0: not. @first_answer is when that began, on the account's own clock. */
  gint64 put_off;
  gint64 first_answer;
  gboolean asked; /* the person has said that it is not too old to be sent */
  guint doubts;
  EstReason reason; /* why it waits again, failed or is held */
  char *figures;    /* that go with it, see EstOutcome; or NULL */
  char *reply;      /* the words that go with it, or NULL */
  gboolean bulk;    /* one of many that came at once */
  guint n_recipients;
  EstRecipient *recipients;
  GBytes *seal; /* as it is stored: see seal.h */
} EstEntry;

void est_entry_free (EstEntry *entry);

/* The recipients that are not settled, as an envelope for the relay; @numbers (of as
   many) says which of the entry's they are; free with g_free(). While the message is put
   off for some, those that no relay has said anything about come alone: their turn has
   come, and that of the others has not. */
EstEnvelope *est_entry_pending_envelope (const EstEntry *entry, guint **numbers);

/* Reads one whole entry; EST_OUTBOX_ERROR_NO_SUCH_MESSAGE if there is none. */
EstEntry *est_entry_load (EstDatabase *database, gint64 id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstEntry, est_entry_free)
