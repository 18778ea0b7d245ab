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

/* Eight octets at a time: all of every message comes through here. */
gboolean
est_has_high_octet (const char *data, gsize length)
{
  guint64 all = 0;
  gsize i = 0;
  for (; i + sizeof all <= length; i += sizeof all)
    {
      guint64 some;
      memcpy (&some, data + i, sizeof some);
      all |= some;
    }
  for (; i < length; i++)
    all |= (guchar) data[i];
  return (all & G_GUINT64_CONSTANT (0x8080808080808080)) != 0;
}
