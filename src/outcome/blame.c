/* Told by enhanced code and words. */
#include "outcome/blame.h"

#include <string.h>

typedef struct
{
  const char *status; /* NULL: any */
  const char *words;  /* lower case; NULL: whatever it says */
  EstScope scope;
} Row;

static const Row rows[] = {
  /* Exchange: may not send as this sender; unable to relay; not authenticated */
  {"5.7.60",  NULL,                      EST_SCOPE_MESSAGE},
  {"5.2.252", NULL,                      EST_SCOPE_MESSAGE},
  {"5.7.54",  NULL,                      EST_SCOPE_ACCOUNT},
  {"5.7.57",  NULL,                      EST_SCOPE_ACCOUNT},
 /* RFC 3463 3.2: the sender's address */
  {"5.1.7",   NULL,                      EST_SCOPE_MESSAGE},
  {"5.1.8",   NULL,                      EST_SCOPE_MESSAGE},
 /* Postfix, Exim, and their like */
  {NULL,      "sender address rejected", EST_SCOPE_MESSAGE},
  {NULL,      "not owned by",            EST_SCOPE_MESSAGE},
  {NULL,      "sender verify failed",    EST_SCOPE_MESSAGE},
  {NULL,      "sender denied",           EST_SCOPE_MESSAGE},
  {NULL,      "sender is not allowed",   EST_SCOPE_MESSAGE},
  {NULL,      "send as this sender",     EST_SCOPE_MESSAGE},
  {NULL,      "relay access denied",     EST_SCOPE_ACCOUNT},
  {NULL,      "relaying denied",         EST_SCOPE_ACCOUNT},
  {NULL,      "relay denied",            EST_SCOPE_ACCOUNT},
  {NULL,      "relay not permitted",     EST_SCOPE_ACCOUNT},
  {NULL,      "relaying not permitted",  EST_SCOPE_ACCOUNT},
  {NULL,      "relaying not allowed",    EST_SCOPE_ACCOUNT},
  {NULL,      "relaying is not allowed", EST_SCOPE_ACCOUNT},
  {NULL,      "not permitted to relay",  EST_SCOPE_ACCOUNT},
  {NULL,      "unable to relay",         EST_SCOPE_ACCOUNT},
  {NULL,      "we do not relay",         EST_SCOPE_ACCOUNT},
  {NULL,      "allowed rcpthosts",       EST_SCOPE_ACCOUNT},
  {NULL,      "authentication required", EST_SCOPE_ACCOUNT},
  {NULL,      "authentication is requi", EST_SCOPE_ACCOUNT},
  {NULL,      "requires authentication", EST_SCOPE_ACCOUNT},
  {NULL,      "must authenticate",       EST_SCOPE_ACCOUNT},
  {NULL,      "authenticate first",      EST_SCOPE_ACCOUNT},
};

static gboolean
fits (const Row *row, const EstReply *reply, const char *words)
{
  if (row->status != NULL)
    return g_strcmp0 (row->status, reply->status) == 0;
  return strstr (words, row->words) != NULL;
}

EstScope
est_blame (const EstReply *reply)
{
  g_autofree char *words = g_ascii_strdown (reply->text, -1);
  g_strdelimit (words, "\n", ' ');
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (fits (&rows[i], reply, words))
      return rows[i].scope;
  return EST_SCOPE_RECIPIENT;
}
