/* What the relay said in one conversation, as it is kept in the journal: a line per
   answer, "rcpt 0-4 250 2.1.5 ok", the words with "\n" for a line end and "\\" for "\".
   The numbers are those of the message's recipients; of the same words to recipients one
   after the other there is one line. Pure. */
#pragma once

#include "outcome/outcome.h"

#define EST_ANSWERS_LIMIT 65536 /* octets; what is beyond is left out */

/* @numbers: which recipient each verdict of @outcome is about. NULL if there was no
 * answer.
 */
char *est_answers_format (const EstOutcome *outcome, const guint *numbers);

/* One line of it. */
typedef struct
{
  char *stage; /* a nick of EstStage */
  gboolean of_recipients;
  guint first, last; /* recipients */
  char **lines;      /* as they came: "250-relay", "250 ok" */
} EstSaid;

/* EstSaid, in their order; empty for NULL. What cannot be read is left out. */
GPtrArray *est_answers_parse (const char *text);
