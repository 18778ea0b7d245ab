/* Words for spans of time. */
#include "dispatcher/lesson.h"

#include <string.h>

/* In this order: "daily rate limit" and "daily limit, try again in an hour" are about the
   day. */
static const struct
{
  const char *word; /* lower case */
  EstSpan span;
} words[] = {
  {"daily",      EST_SPAN_DAY   },
  {"per day",    EST_SPAN_DAY   },
  {"hourly",     EST_SPAN_HOUR  },
  {"per hour",   EST_SPAN_HOUR  },
  {"per minute", EST_SPAN_MINUTE},
  {"hour",       EST_SPAN_HOUR  },
  {"day",        EST_SPAN_DAY   },
  {" rate",      EST_SPAN_MINUTE},
  {"ratelimit",  EST_SPAN_MINUTE},
  {"too fast",   EST_SPAN_MINUTE},
};

/* "24 hours" is no hour. */
static gboolean
is_a_day (const char *text)
{
  return strstr (text, "24 h") != NULL || strstr (text, "24h") != NULL
         || strstr (text, "24-h") != NULL;
}

/* Without a word about it a temporary no is about an hour: if it was the day after all,
   the next hour says so again. */
static EstSpan
find_span (const char *text, gboolean temporary)
{
  if (is_a_day (text))
    return EST_SPAN_DAY;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (text, words[i].word) != NULL)
      return words[i].span;
  return temporary ? EST_SPAN_HOUR : EST_SPAN_DAY;
}

static gboolean
names_messages (const char *text)
{
  return strstr (text, "message") != NULL || strstr (text, "email") != NULL
         || strstr (text, "e-mail") != NULL || strstr (text, "mails") != NULL;
}

EstLimitWindow
est_lesson_window (const EstReply *reply)
{
  g_autofree char *words_said = g_ascii_strdown (reply->text, -1);
  g_autofree char *text = g_strconcat (" ", g_strdelimit (words_said, "\n", ' '), NULL);
  return (EstLimitWindow){find_span (text, est_reply_class (reply) == 4),
                          strstr (text, "recipient") != NULL || !names_messages (text)};
}
