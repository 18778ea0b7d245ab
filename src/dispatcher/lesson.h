/* What a relay's "limit reached" is about, by its words: pure. */
#pragma once

#include "account/account.h"
#include "mail/reply.h"

/* Which of the account's windows is full. "Daily" and the like say so; where the words
   are only about a rate it is the minute; where they say nothing it is the day, or with a
   4xx the hour. Recipients where messages are not named: with one recipient each it is
   the same. */
typedef struct
{
  EstSpan span;
  gboolean counts_recipients;
} EstLimitWindow;

EstLimitWindow est_lesson_window (const EstReply *reply);
