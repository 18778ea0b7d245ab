/* Messages, attempts and pauses as the dictionaries of data/org.estafeta.Outbox1.xml:
   codes and figures, no sentences. Pure; all results are floating. */
#pragma once

#include "account/settings.h"
#include "outbox/outbox.h"

/* What decides why a waiting message waits. */
typedef struct
{
  const EstSettings *settings;
  GPtrArray *pauses; /* EstPause */
} EstCircumstances;

/* The pause of @account, or NULL. */
const EstPause *est_circumstances_pause (const EstCircumstances *circumstances,
                                         const char *account);

/* A message as in List. */
GVariant *est_describe_entry (const EstEntry *entry,
                              const EstCircumstances *circumstances);

/* A message as in Show. */
GVariant *est_describe_whole (const EstEntry *entry,
                              const EstCircumstances *circumstances,
                              GPtrArray *attempts);

/* An account as in GetStatus; @pause may be NULL. */
GVariant *est_describe_account (const char *name, const EstPause *pause);
