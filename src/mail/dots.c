/* Dot transparency at full speed: whole lines are found with memchr() and copied at once;
   octets are looked at one by one only where a line ends or begins. */
#include "mail/dots.h"

#include <string.h>

/* Where we stand between two octets. */
typedef enum
{
  AT_LINE_START,
  IN_LINE,
  AFTER_CR,
  AFTER_DOT,    /* the line began with a dot */
  AFTER_DOT_CR, /* ... and then came a CR */
  AT_END,
  AT_BARE, /* behind a CR or LF on its own */
} Place;

#define REFUSED 8 /* added to the place in EstUnstuffer: a bare CR or LF came before */

static void
emit (GByteArray *out, const char *from, const char *to)
{
  g_byte_array_append (out, (const guint8 *) from, to - from);
}

static void
emit_line_end (GByteArray *out)
{
  g_byte_array_append (out, (const guint8 *) "\r\n", 2);
}

static const char *
find_or_end (const char *at, const char *end, char c)
{
  const char *found = memchr (at, c, end - at);

  return found != NULL ? found : end;
}

/* The first CR or LF. Looking for the LF first keeps both searches within one line. */
static const char *
find_line_end (const char *at, const char *end)
{
  return find_or_end (at, find_or_end (at, end, '\n'), '\r');
}

/* From IN_LINE: copies what is left of the line, with its CRLF if both are there. A CR
   whose LF has not come yet is taken but not copied. */
static Place
copy_line (const char **at, const char *end, GByteArray *out)
{
  const char *start = *at, *stop = find_line_end (start, end);
  gboolean whole = end - stop >= 2 && stop[0] == '\r' && stop[1] == '\n';

  *at = whole ? stop + 2 : stop;
  emit (out, start, *at);
  if (whole)
    return AT_LINE_START;
  if (stop == end)
    return IN_LINE;
  *at = stop + 1;
  return *stop == '\r' ? AFTER_CR : AT_BARE;
}

/* The same for a message that is refused: only a CR can lead to its end. */
static Place
skip_line (const char **at, const char *end)
{
  const char *stop = find_or_end (*at, end, '\r');

  *at = stop < end ? stop + 1 : end;
  return stop < end ? AFTER_CR : IN_LINE;
}

typedef struct
{
  char octet;
  Place next;
} Edge;

/* The one octet that leads on to CRLF.CRLF; any other belongs to the line. */
static const Edge edges[] = {
  [AT_LINE_START] = {'.',  AFTER_DOT    },
  [AFTER_CR] = {'\n', AT_LINE_START},
  [AFTER_DOT] = {'\r', AFTER_DOT_CR },
  [AFTER_DOT_CR] = {'\n', AT_END       },
};

static Place
unstuff_step (
  Place place, gboolean refused, const char **at, const char *end, GByteArray *out)
{
  if (place == IN_LINE)
    return refused ? skip_line (at, end) : copy_line (at, end, out);

  if (**at != edges[place].octet)
    return !refused && (place == AFTER_CR || place == AFTER_DOT_CR) ? AT_BARE : IN_LINE;

  *at += 1;
  if (place == AFTER_CR && !refused)
    emit_line_end (out);
  return edges[place].next;
}

EstDots
est_unstuff (
  EstUnstuffer *unstuffer, const char *data, gsize length, gsize *used, GByteArray *out)
{
  const char *at = data, *end = data + length;
  gboolean refused = (unstuffer->state & REFUSED) != 0;
  Place place = unstuffer->state & ~REFUSED;

  while (at < end && place != AT_END && place != AT_BARE)
    place = unstuff_step (place, refused, &at, end, out);

  *used = at - data;
  if (place == AT_END)
    {
      unstuffer->state = AT_LINE_START;
      return EST_DOTS_END;
    }
  if (place == AT_BARE)
    {
      unstuffer->state = IN_LINE | REFUSED;
      return EST_DOTS_BARE;
    }
  unstuffer->state = place | (refused ? REFUSED : 0);
  return EST_DOTS_MORE;
}

static Place
stuff_step (Place place, const char **at, const char *end, GByteArray *out)
{
  if (place == IN_LINE)
    return copy_line (at, end, out);

  if (place == AT_LINE_START)
    {
      if (**at == '.')
        emit (out, *at, *at + 1);
      return IN_LINE;
    }
  if (**at != '\n')
    return AT_BARE;
  *at += 1;
  emit_line_end (out);
  return AT_LINE_START;
}

gboolean
est_stuff (EstStuffer *stuffer, const char *data, gsize length, GByteArray *out)
{
  const char *at = data, *end = data + length;
  Place place = stuffer->state;

  while (at < end && place != AT_BARE)
    place = stuff_step (place, &at, end, out);
  stuffer->state = place;
  return place != AT_BARE;
}

gboolean
est_stuff_finish (EstStuffer *stuffer, GByteArray *out)
{
  if (stuffer->state == AFTER_CR || stuffer->state == AT_BARE)
    return FALSE;
  if (stuffer->state == IN_LINE)
    emit_line_end (out);
  stuffer->state = AT_LINE_START;
  return TRUE;
}
