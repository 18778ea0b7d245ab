/* BINARYMIME made fit for lines: no cut of the input makes a difference, and what was
   converted has nothing left to convert. */
#include "mail/conversion.h"

#include "target.h"

#include <string.h>

static GByteArray *
convert (const char *data, gsize size, gsize piece, gboolean wide)
{
  g_autoptr (EstConversion) conversion = est_conversion_new (wide);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  for (gsize at = 0; at < size; at += piece)
    if (!est_conversion_push (conversion, data + at, MIN (piece, size - at), out, NULL))
      return NULL;
  if (!est_conversion_finish (conversion, out, NULL))
    return NULL;
  return g_steal_pointer (&out);
}

static void
assert_same (const GByteArray *one, const GByteArray *other)
{
  g_assert_true ((one == NULL) == (other == NULL));
  g_assert_true (one == NULL || one->len == other->len);
  g_assert_true (one == NULL || one->len == 0
                 || memcmp (one->data, other->data, one->len) == 0);
}

static void
unref (GByteArray *array)
{
  if (array != NULL)
    g_byte_array_unref (array);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;
  gboolean wide = size % 2 == 0;
  GByteArray *whole = convert (text, size, MAX (size, 1), wide);
  GByteArray *cut = convert (text, size, 1, wide);
  assert_same (whole, cut);
  if (whole != NULL)
    {
      GByteArray *again = convert ((const char *) whole->data, whole->len, 7, wide);
      assert_same (whole, again);
      unref (again);
    }
  unref (whole);
  unref (cut);
  return 0;
}
