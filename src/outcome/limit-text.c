/* What providers say. */
#include "outcome/limit-text.h"

#include <string.h>

typedef struct
{
  int code;           /* 0: any of 4xx and 5xx */
  const char *status; /* NULL: any */
  const char *words;  /* lower case; NULL: whatever it says */
  EstReason reason;
} Row;

/* Words may hold a "*" for whatever stands in between. */
static const Row rows[] = {
  /* Gmail: daily sending quota, daily user sending limit; bound to the sender */
  {550, "5.4.5",   NULL,                            EST_REASON_LIMIT    },
  {0,   "4.4.5",   NULL,                            EST_REASON_LIMIT    },
 /* Exchange Online: recipients of the day, messages of the minute, connections, the
  organisation's limit for mail to others */
  {0,   "5.1.90",  NULL,                            EST_REASON_LIMIT    },
  {0,   "5.7.232", NULL,                            EST_REASON_LIMIT    },
  {0,   "5.7.233", NULL,                            EST_REASON_LIMIT    },
  {0,   "5.7.236", NULL,                            EST_REASON_LIMIT    },
  {0,   "5.7.705", NULL,                            EST_REASON_LIMIT    },
  {0,   NULL,      "submissionquotaexceeded",       EST_REASON_LIMIT    },
  {432, NULL,      NULL,                            EST_REASON_BUSY     },
  {0,   NULL,      "sender thread limit",           EST_REASON_BUSY     },
 /* RFC 3463 3.4: the system does not take messages now, whoever sends what */
  {0,   "4.3.2",   NULL,                            EST_REASON_BUSY     },
 /* by words: iCloud, StartMail, IONOS, Zoho, Proton, hosts with cPanel, and their like
  */
  {0,   NULL,      "sending limit",                 EST_REASON_LIMIT    },
  {0,   NULL,      "sending quota",                 EST_REASON_LIMIT    },
  {0,   NULL,      "send limit exceeded",           EST_REASON_LIMIT    },
  {0,   NULL,      "limit for sending",             EST_REASON_LIMIT    },
  {0,   NULL,      "mail limit has been reached",   EST_REASON_LIMIT    },
  {0,   NULL,      "daily limit",                   EST_REASON_LIMIT    },
  {0,   NULL,      "daily quota",                   EST_REASON_LIMIT    },
  {0,   NULL,      "hourly limit",                  EST_REASON_LIMIT    },
  {0,   NULL,      "hourly quota",                  EST_REASON_LIMIT    },
  {0,   NULL,      "max emails per hour",           EST_REASON_LIMIT    },
  {0,   NULL,      "emails per hour",               EST_REASON_LIMIT    },
  {0,   NULL,      "messages per hour",             EST_REASON_LIMIT    },
  {0,   NULL,      "messages per day",              EST_REASON_LIMIT    },
  {0,   NULL,      "recipients per day",            EST_REASON_LIMIT    },
  {0,   NULL,      "recipients per hour",           EST_REASON_LIMIT    },
  {0,   NULL,      "outgoing mail limit",           EST_REASON_LIMIT    },
  {0,   NULL,      "outbound limit",                EST_REASON_LIMIT    },
  {0,   NULL,      "sending rate",                  EST_REASON_LIMIT    },
  {0,   NULL,      "rate limit",                    EST_REASON_LIMIT    },
  {0,   NULL,      "ratelimit",                     EST_REASON_LIMIT    },
  {0,   NULL,      "unusual rate",                  EST_REASON_LIMIT    },
  {0,   NULL,      "unusual sending activity",      EST_REASON_LIMIT    },
  {0,   NULL,      "sending too fast",              EST_REASON_LIMIT    },
  {0,   NULL,      "too many messages",             EST_REASON_LIMIT    },
  {0,   NULL,      "too many emails",               EST_REASON_LIMIT    },
  {0,   NULL,      "too much mail",                 EST_REASON_LIMIT    },
  {0,   NULL,      "too many connections",          EST_REASON_BUSY     },
  {0,   NULL,      "too many concurrent",           EST_REASON_BUSY     },
  {0,   NULL,      "number of connections",         EST_REASON_BUSY     },
 /* not how much, but whether at all: it is the account that is stopped, and every mail
  would meet the same */
  {0,   NULL,      "bad outbound sender",           EST_REASON_SUSPENDED},
  {0,   NULL,      "outgoing*blocked",              EST_REASON_SUSPENDED},
  {0,   NULL,      "your account*suspended",        EST_REASON_SUSPENDED},
  {0,   NULL,      "your account*disabled",         EST_REASON_SUSPENDED},
  {0,   NULL,      "your account*blocked",          EST_REASON_SUSPENDED},
  {0,   NULL,      "your account*locked",           EST_REASON_SUSPENDED},
  {0,   NULL,      "your account*restricted",       EST_REASON_SUSPENDED},
  {0,   NULL,      "your account*not allowed to s", EST_REASON_SUSPENDED},
};

/* What speaks of somebody else's limits: the recipient's mailbox, or how fast that one is
   being written to. */
static const char *const about_others[] = {
  "recipient's", "recipient is", "recipient has", "the user you are trying",
  "inbox",       "mailbox",      "over quota",    "message size",
  "storage",
};

static gboolean
is_about_others (const char *words)
{
  for (gsize i = 0; i < G_N_ELEMENTS (about_others); i++)
    if (strstr (words, about_others[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
says (const char *words, const char *pattern)
{
  g_auto (GStrv) parts = g_strsplit (pattern, "*", -1);
  for (char **part = parts; *part != NULL; part++)
    {
      const char *found = strstr (words, *part);
      if (found == NULL)
        return FALSE;
      words = found + strlen (*part);
    }
  return TRUE;
}

static gboolean
fits (const Row *row, const EstReply *reply, const char *words, gboolean others)
{
  if (row->code != 0 && row->code != reply->code)
    return FALSE;
  if (row->status != NULL && g_strcmp0 (row->status, reply->status) != 0)
    return FALSE;
  return row->words == NULL || (!others && says (words, row->words));
}

EstReason
est_limit_text_judge (const EstReply *reply)
{
  if (est_reply_class (reply) < 4)
    return EST_REASON_NONE;
  g_autofree char *words = g_ascii_strdown (reply->text, -1);
  g_strdelimit (words, "\n", ' ');
  gboolean others = is_about_others (words);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (fits (&rows[i], reply, words, others))
      return rows[i].reason;
  return EST_REASON_NONE;
}
