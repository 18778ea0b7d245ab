/* What of an account's budget is spent, row by row, and what its relay has taught about
   it. Plain structs, read only. */
#pragma once

#include "outbox/database.h"
#include "outcome/outcome.h"

/* One handover. */
typedef struct
{
  char *account;
  gint64 time; /* microseconds since 1970 UTC */
  guint messages;
  guint recipients;
} EstSpent;

void est_spent_free (EstSpent *spent);

/* How many recipients a handover has cost: those the relay took, and those it may have
   taken. */
guint est_spent_on (const EstOutcome *outcome);

/* Notes what @outcome has cost, in the transaction that settles it, and forgets what is
   older than a day. Nothing if it cost nothing. */
gboolean est_spent_store (EstDatabase *database,
                          const char *account,
                          gint64 now,
                          const EstOutcome *outcome,
                          GError **error);

/* After a crash, before it is forgotten which messages were under way: what may have
   arrived was spent now. What a clock that was ahead has noted counts from now on, too.
 */
gboolean est_spent_recover (EstDatabase *database, gint64 now, GError **error);

/* All rows, the earliest first: EstSpent. */
GPtrArray *est_spent_load (EstDatabase *database, GError **error);

/* Something learnt about an account: a limit ("messages-hour", "recipients-day" ...) or
   "since", when mail left by it for the first time. */
typedef struct
{
  char *account;
  char *what;
  gint64 value;
  gint64 time; /* when it was learnt */
} EstLesson;

void est_lesson_free (EstLesson *lesson);
gboolean
est_lesson_store (EstDatabase *database, const EstLesson *lesson, GError **error);
GPtrArray *est_lesson_load_all (EstDatabase *database, GError **error); /* EstLesson */
