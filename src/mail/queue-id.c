/* The forms, as a table. */
#include "mail/queue-id.h"

#include <string.h>

#define LONGEST    128
#define LONGEST_ID 998 /* RFC 5322 2.1.1: no line can hold more */

/* The id is the word behind @before (NULL: the last word) that stands in front of @after
   (NULL: whatever follows). */
typedef struct
{
  const char *before;
  const char *after;
} Form;

static const Form forms[] = {
  {"queued with id ", NULL                            }, /* Stalwart */
  {"queued as ",      NULL                            }, /* Postfix and many others */
  {"internalid=",     NULL                            }, /* Exchange */
  {" id=",            NULL                            }, /* Exim, GMX, WEB.DE */
  {" qp ",            NULL                            }, /* qmail */
  {NULL,              " message accepted for delivery"}, /* Sendmail, OpenSMTPD */
  {NULL,              " - gsmtp"                      }, /* Gmail */
};

static gboolean
is_of_id (char c)
{
  return g_ascii_isgraph (c) && strchr ("<>,;()[]\"", c) == NULL;
}

/* @lower: the same words as @words, for comparing. */
static const char *
find_start (const Form *form, const char *words, const char *lower)
{
  if (form->before != NULL)
    {
      const char *found = strstr (lower, form->before);
      return found != NULL ? words + (found - lower) + strlen (form->before) : NULL;
    }
  const char *found = strstr (lower, form->after);
  const char *start = found != NULL ? words + (found - lower) : NULL;
  while (start != NULL && start > words && is_of_id (start[-1]))
    start--;
  return start;
}

/* One digit at least: "queued as spam" names no number. */
static char *
take_id (const char *start)
{
  gsize length = 0;
  gboolean digit = FALSE;
  while (start != NULL && length < LONGEST && is_of_id (start[length]))
    digit = g_ascii_isdigit (start[length++]) || digit;
  while (length > 0 && start[length - 1] == '.')
    length--;
  return digit && length > 0 ? g_strndup (start, length) : NULL;
}

char *
est_queue_id_find (const EstReply *reply)
{
  g_autofree char *words = g_strconcat (" ", reply->text, NULL);
  g_strdelimit (words, "\n", ' ');
  g_autofree char *lower = g_ascii_strdown (words, -1);
  char *id = NULL;
  for (gsize i = 0; id == NULL && i < G_N_ELEMENTS (forms); i++)
    id = take_id (find_start (&forms[i], words, lower));
  return id;
}

static gboolean
is_message_id (const char *text, gsize length)
{
  const char *at = memchr (text, '@', length);
  if (length > LONGEST_ID || length < 5 || at == NULL || at == text + 1
      || at == text + length - 2)
    return FALSE;
  for (gsize i = 1; i < length - 1; i++)
    if (!g_ascii_isgraph (text[i]) || text[i] == '<')
      return FALSE;
  return TRUE;
}

char *
est_queue_id_renamed (const EstReply *reply, const char *own)
{
  for (const char *open = strchr (reply->text, '<'); open != NULL;
       open = strchr (open + 1, '<'))
    {
      const char *close = strchr (open, '>');
      gsize length = close != NULL ? (gsize) (close - open) + 1 : 0;
      if (!is_message_id (open, length))
        continue;
      g_autofree char *id = g_strndup (open, length);
      return g_strcmp0 (id, own) != 0 ? g_steal_pointer (&id) : NULL;
    }
  return NULL;
}
