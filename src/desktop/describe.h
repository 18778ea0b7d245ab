/* Messages, attempts and pauses as the dictionaries of data/org.estafeta.Outbox1.xml:
   codes and figures, no sentences. Pure; all results are floating. */
#pragma once

#include "account/settings.h"
#include "dispatcher/book.h"
#include "outbox/outbox.h"

/* What decides why a waiting message waits. */
typedef struct
{
  EstSettings *settings;
  GPtrArray *pauses;     /* EstPause */
  GHashTable *halts;     /* account -> gint64: stopped by hand since; "": everything */
  EstBook *book;         /* borrowed; NULL: nothing is known of budgets */
  GHashTable *forecasts; /* account that waits for its budget -> est_book_forecast() */
} EstCircumstances;

void est_circumstances_clear (EstCircumstances *circumstances);

/* The pause of @account, or NULL. */
const EstPause *est_circumstances_pause (const EstCircumstances *circumstances,
                                         const char *account);

/* Since when @account ("": everything) is stopped by hand, in microseconds; 0: it is not.
 */
gint64 est_circumstances_stopped (const EstCircumstances *circumstances,
                                  const char *account);

/* A message as in List. */
GVariant *est_describe_entry (const EstEntry *entry,
                              const EstCircumstances *circumstances);

/* A message as in Show. */
GVariant *est_describe_whole (const EstEntry *entry,
                              const EstCircumstances *circumstances,
                              GPtrArray *attempts);

/* A line of Journal; @entry is the message, NULL if it is not known any more. */
GVariant *est_describe_journal (const EstAttempt *attempt, const EstEntry *entry);

/* An account as in GetStatus. */
GVariant *est_describe_account (const char *name, const EstCircumstances *circumstances);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstCircumstances, est_circumstances_clear)
