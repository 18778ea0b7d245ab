/* Dot transparency, whole and split after any octet, against a definition that can be
   read at a glance: the end is the first CRLF.CRLF, counting from a line end before the
   message. */
#include "target.h"

#include "mail/dots.h"

#include <string.h>

typedef struct
{
  gboolean refused;
  gboolean ended;
  gsize used;
  GByteArray *out;
} Result;

static Result
unstuff (const char *data, gsize length, gsize piece)
{
  Result result = {.out = g_byte_array_new ()};
  EstUnstuffer unstuffer = {0};

  while (!result.ended && result.used < length)
    {
      gsize now = MIN (piece, length - result.used), took = 0;
      guint before = result.out->len;
      EstDots verdict
        = est_unstuff (&unstuffer, data + result.used, now, &took, result.out);

      g_assert_true (took > 0 || verdict == EST_DOTS_BARE);
      g_assert_true (verdict != EST_DOTS_MORE || took == now);
      g_assert_true (!result.refused || result.out->len == before);
      g_assert_false (result.refused && verdict == EST_DOTS_BARE);
      result.used += took;
      result.ended = verdict == EST_DOTS_END;
      result.refused = result.refused || verdict == EST_DOTS_BARE;
    }
  return result;
}

static gsize
find_end (const char *data, gsize length)
{
  g_autoptr (GByteArray) whole = g_byte_array_new ();

  g_byte_array_append (whole, (const guint8 *) "\r\n", 2);
  g_byte_array_append (whole, (const guint8 *) data, length);
  const guint8 *found = memmem (whole->data, whole->len, "\r\n.\r\n", 5);
  return found != NULL ? found - whole->data + 3 : 0;
}

static gboolean
has_bare (const char *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (data[i] == '\r' && (i + 1 == length || data[i + 1] != '\n'))
        return TRUE;
      if (data[i] == '\n' && (i == 0 || data[i - 1] != '\r'))
        return TRUE;
    }
  return FALSE;
}

static void
check_taking (const char *data, gsize length, gsize piece)
{
  Result whole = unstuff (data, length, MAX (length, 1));
  Result split = unstuff (data, length, piece);
  gsize end = find_end (data, length);

  g_assert_cmpint (whole.refused, ==, split.refused);
  g_assert_cmpint (whole.ended, ==, split.ended);
  g_assert_cmpuint (whole.used, ==, split.used);
  g_assert_cmpmem (whole.out->data, whole.out->len, split.out->data, split.out->len);
  g_assert_cmpint (whole.ended, ==, end > 0);
  if (end > 0)
    {
      g_assert_cmpuint (whole.used, ==, end);
      g_assert_cmpint (whole.refused, ==, has_bare (data, end));
    }
  g_assert_false (has_bare ((const char *) whole.out->data, whole.out->len));
  g_byte_array_unref (whole.out);
  g_byte_array_unref (split.out);
}

static gboolean
stuff (const char *data, gsize length, gsize piece, GByteArray *out)
{
  EstStuffer stuffer = {0};
  gboolean good = TRUE;

  for (gsize at = 0; at < length; at += piece)
    good = est_stuff (&stuffer, data + at, MIN (piece, length - at), out) && good;
  return est_stuff_finish (&stuffer, out) && good;
}

/* What was stuffed comes back as it was, plus the line end it may have lacked. */
static void
check_round_trip (const char *data, gsize length, GByteArray *stuffed)
{
  gboolean lacks_end = length > 0 && data[length - 1] != '\n';

  g_byte_array_append (stuffed, (const guint8 *) ".\r\n", 3);
  Result back = unstuff ((const char *) stuffed->data, stuffed->len, stuffed->len);
  g_assert_true (back.ended && !back.refused && back.used == stuffed->len);
  g_assert_cmpuint (back.out->len, ==, length + (lacks_end ? 2 : 0));
  g_assert_cmpmem (back.out->data, length, data, length);
  g_byte_array_unref (back.out);
}

static void
check_giving (const char *data, gsize length, gsize piece)
{
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_autoptr (GByteArray) split = g_byte_array_new ();
  gboolean good = stuff (data, length, MAX (length, 1), whole);

  g_assert_cmpint (stuff (data, length, piece, split), ==, good);
  g_assert_cmpmem (whole->data, whole->len, split->data, split->len);
  g_assert_cmpint (good, ==, !has_bare (data, length));
  if (good)
    check_round_trip (data, length, whole);
}

/* The first octet says how the rest is split. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  const char *text = (const char *) data + 1;
  gsize piece = MAX (data[0] % 16, 1);

  check_taking (text, size - 1, piece);
  check_giving (text, size - 1, piece);
  return 0;
}
