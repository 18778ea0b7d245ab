/* Looks for the few octets that matter, with memchr(). */
#include "mail/lines.h"

#include <string.h>

/* Every LF behind a CR, from @data on. */
static gboolean
feeds_are_whole (const char *data, const char *end, gboolean after_cr)
{
  const char *at = data;
  while (at < end && (at = memchr (at, '\n', (gsize) (end - at))) != NULL)
    {
      if (at > data ? at[-1] != '\r' : !after_cr)
        return FALSE;
      at++;
    }
  return TRUE;
}

/* Every CR before an LF, but for one at the very end. */
static gboolean
returns_are_whole (const char *data, const char *end)
{
  const char *at = data;
  while (at < end && (at = memchr (at, '\r', (gsize) (end - at))) != NULL)
    {
      if (at + 1 < end && at[1] != '\n')
        return FALSE;
      at++;
    }
  return TRUE;
}

gboolean
est_lines_check (EstLines *lines, const char *data, gsize length)
{
  const char *end = data + length;
  if (length == 0)
    return TRUE;
  gboolean good = (!lines->after_cr || *data == '\n')
                  && memchr (data, '\0', length) == NULL && returns_are_whole (data, end)
                  && feeds_are_whole (data, end, lines->after_cr);
  lines->after_cr = end[-1] == '\r';
  return good;
}

gboolean
est_lines_finish (const EstLines *lines)
{
  return !lines->after_cr;
}
