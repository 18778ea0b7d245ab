/* Which messages a verb is about: their numbers, or options that say what they are like.
   The same words for every verb. */
#pragma once

#include <glib.h>

typedef struct
{
  char *states;
  char *account;
  char *reason;
  char *program;
  char *since;
  char *before;
  char *search;
  gboolean all; /* "--all": meant by whoever chooses nothing */
} EstChoice;

void est_choice_clear (EstChoice *choice);

/* The options that fill @choice, and @more (ends with a NULL; NULL: none), which come
   first; free with g_free(). */
GOptionEntry *est_choice_entries (EstChoice *choice, const GOptionEntry *more);

/* The filter as org.estafeta.Outbox1 wants it, a new a{sv}; NULL after a complaint. */
GVariant *est_choice_filter (const EstChoice *choice, const char *verb);

/* @filter, but nothing that is handed in from now on: what a person is asked about must
   be what is done. */
GVariant *est_choice_until_now (GVariant *filter);

/* The numbers among @operands, a new "at"; NULL after a complaint. With @needed, also if
   neither numbers nor options choose anything. */
GVariant *est_choice_ids (const EstChoice *choice,
                          const char *verb,
                          char **operands,
                          gboolean needed);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstChoice, est_choice_clear)
