/* An account's own clock: it runs while the account could send, and stands still while a
   pause is in the way, while the machine sleeps, and between two runs of the program.
   Patience with a relay counts on it. Pure; @now is CLOCK_MONOTONIC, in microseconds,
   which stops while the machine sleeps. */
#pragma once

#include <glib.h>

typedef struct
{
  gint64 counted; /* until it stood still last */
  gint64 since;   /* it has run since then; 0: it stands still */
} EstStint;

/* @counted: what it showed when it was kept last. Never shows 0, which means "never" to
   those who note its time. */
EstStint est_stint_begin (gint64 counted);

/* Lets it run or stand still from now on. */
void est_stint_set (EstStint *stint, gboolean runs, gint64 now);

/* What it shows. */
gint64 est_stint_time (const EstStint *stint, gint64 now);
