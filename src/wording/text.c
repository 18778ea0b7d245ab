/* A subject may hold escape sequences that rewrite the screen, marks that make one
   address look like another, or simply no end. Nothing a stranger wrote is shown without
   passing here. */
#include "wording/text.h"

#include "mail/plain.h"

static char *
cut (const char *text, guint limit)
{
  g_autofree char *kept = g_utf8_substring (text, 0, (glong) limit - 1);
  return g_strconcat (kept, "…", NULL);
}

char *
est_text_tame (const char *text, guint limit)
{
  g_autofree char *plain = est_plain_text (text != NULL ? text : "", -1);
  if (limit == 0 || g_utf8_strlen (plain, -1) <= (glong) limit)
    return g_steal_pointer (&plain);
  return cut (plain, limit);
}
