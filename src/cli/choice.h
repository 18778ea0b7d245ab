/* Which messages a verb is about: their numbers, or options that say what they are like.
   The same words for every verb. */
#pragma once

#include <glib.h>

typedef struct
{
  char *states;
  char *account;
  char *reason;
  char *since;
  char *before;
  char *search;
  gboolean all;
} EstChoice;

void est_choice_clear (EstChoice *choice);

/* The options as rows of a GOptionEntry array. */
#define EST_CHOICE_ENTRIES(choice)                                                         \
  {"state",                                                                                \
   0,                                                                                      \
   0,                                                                                      \
   G_OPTION_ARG_STRING,                                                                    \
   &(choice).states,                                                                       \
   N_ (                                                                                    \
     "Only messages in these states: waiting, sending, sent, failed, held, discarded"),    \
   N_ ("STATE[,STATE…]")},                                                                 \
    {"account",                                                                            \
     0,                                                                                    \
     0,                                                                                    \
     G_OPTION_ARG_STRING,                                                                  \
     &(choice).account,                                                                    \
     N_ ("Only messages of this account"),                                                 \
     N_ ("NAME")},                                                                         \
    {"reason",                                                                             \
     0,                                                                                    \
     0,                                                                                    \
     G_OPTION_ARG_STRING,                                                                  \
     &(choice).reason,                                                                     \
     N_ ("Only messages that wait, failed or are held for this reason"),                   \
     N_ ("REASON")},                                                                       \
    {"since",                                                                              \
     0,                                                                                    \
     0,                                                                                    \
     G_OPTION_ARG_STRING,                                                                  \
     &(choice).since,                                                                      \
     N_ ("Only messages handed in since then: 2026-11-24, “2026-11-24 14:05”, 14:05, " \
         "12h"),                                                                           \
     N_ ("TIME")},                                                                         \
    {"before",                                                                             \
     0,                                                                                    \
     0,                                                                                    \
     G_OPTION_ARG_STRING,                                                                  \
     &(choice).before,                                                                     \
     N_ ("Only messages handed in before that"),                                           \
     N_ ("TIME")},                                                                         \
  {                                                                                        \
    "search", 0, 0, G_OPTION_ARG_STRING, &(choice).search,                                 \
      N_ ("Only messages with these words in subject, addresses or Message-ID"),           \
      N_ ("WORDS")                                                                         \
  }

#define EST_CHOICE_ALL(choice)                                                           \
  {                                                                                      \
    "all", 0, 0, G_OPTION_ARG_NONE, &(choice).all, N_ ("All messages there are"), NULL   \
  }

/* The filter as org.estafeta.Outbox1 wants it, a new a{sv}; NULL after a complaint. */
GVariant *est_choice_filter (const EstChoice *choice, const char *verb);

/* The numbers among @operands, a new "at"; NULL after a complaint. With @needed, also if
   neither numbers nor options choose anything. */
GVariant *est_choice_ids (const EstChoice *choice,
                          const char *verb,
                          char **operands,
                          gboolean needed);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstChoice, est_choice_clear)
