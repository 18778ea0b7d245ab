/* The journal: what one conversation about a message came to, or what its person decided
   (reason BY_HAND). A plain struct, read only. */
#pragma once

#include "outbox/database.h"
#include "outbox/entry.h"
#include "outcome/outcome.h"

typedef struct
{
  gint64 number;  /* grows */
  gint64 message; /* whose */
  gint64 time;    /* microseconds since 1970 UTC */
  char *account;
  EstReason reason;
  char *detail; /* this and the rest may be NULL */
  char *reply;
  EstRoute route;
  char *answers;  /* see answers.h */
  char *queue_id; /* what the relay calls the message */
  char *renamed;  /* the Message-ID it gave it */
} EstAttempt;

void est_attempt_free (EstAttempt *attempt);

/* @numbers: which recipient of @entry each verdict is about. */
gboolean est_attempt_store (EstDatabase *database,
                            const EstEntry *entry,
                            const guint *numbers,
                            gint64 time,
                            const EstOutcome *outcome,
                            GError **error);

/* Notes what was decided about a message without a relay; @detail in English. */
gboolean est_attempt_note (EstDatabase *database,
                           gint64 id,
                           gint64 time,
                           EstReason reason,
                           const char *detail,
                           GError **error);

/* All attempts of a message, oldest first: EstAttempt. */
GPtrArray *est_attempt_load_all (EstDatabase *database, gint64 id, GError **error);

/* What is asked of the journal of all messages. */
typedef struct
{
  gint64 message;      /* 0: any */
  const char *account; /* NULL: any */
  gint64 since, until; /* microseconds; 0: no bound */
  const char *text;    /* in the message's sender, recipients, subject, Message-ID, or in
                          reply or detail; NULL: whatever they hold */
} EstJournalSearch;

/* Up to @limit EstAttempt with numbers greater than @after, oldest first. */
GPtrArray *est_attempt_search (EstDatabase *database,
                               const EstJournalSearch *search,
                               gint64 after,
                               guint limit,
                               GError **error);
