/* Content made fit for lines, and for 7 bits: no cut of the input makes a difference, and
   what was converted has nothing left to convert. */
#include "mail/conversion.h"
#include "mail/lines.h"

#include "target.h"

#include <string.h>

/* Takes @conversion; NULL if it is NULL or fails. */
static GByteArray *
convert (EstConversion *conversion, const char *data, gsize size, gsize piece)
{
  g_autoptr (EstConversion) owned = conversion;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  for (gsize at = 0; at < size; at += piece)
    if (!est_conversion_push (owned, data + at, MIN (piece, size - at), out, NULL))
      return NULL;
  if (!est_conversion_finish (owned, out, NULL))
    return NULL;
  return g_steal_pointer (&out);
}

static void
unref (GByteArray *array)
{
  if (array != NULL)
    g_byte_array_unref (array);
}

static GByteArray *
convert_to_lines (const char *data, gsize size, gsize piece)
{
  return convert (est_conversion_new (size % 2 == 0), data, size, piece);
}

/* What the first walk lets pass the second one must convert. */
static GByteArray *
convert_to_7_bits (const char *data, gsize size, gsize piece)
{
  g_autoptr (EstPlan) plan = est_plan_new ();
  GByteArray *scratch = convert (est_conversion_new_narrow (plan), data, size, piece);
  if (scratch == NULL)
    return NULL;
  unref (scratch);
  GByteArray *out = convert (est_conversion_new_narrow (plan), data, size, piece + 1);
  g_assert_true (out != NULL && !est_has_high_octet ((const char *) out->data, out->len));
  return out;
}

static void
assert_same (const GByteArray *one, const GByteArray *other)
{
  g_assert_true ((one == NULL) == (other == NULL));
  g_assert_true (one == NULL || one->len == other->len);
  g_assert_true (one == NULL || one->len == 0
                 || memcmp (one->data, other->data, one->len) == 0);
}

typedef GByteArray *(*Convert) (const char *data, gsize size, gsize piece);

static void
try_it (Convert convert_it, const char *text, gsize size, gboolean once)
{
  GByteArray *whole = convert_it (text, size, MAX (size, 1));
  GByteArray *cut = convert_it (text, size, 1);
  assert_same (whole, cut);
  if (whole != NULL && once)
    {
      GByteArray *again = convert_it ((const char *) whole->data, whole->len, 7);
      assert_same (whole, again);
      unref (again);
    }
  unref (whole);
  unref (cut);
}

static GByteArray *
convert_to_wide_lines (const char *data, gsize size, gsize piece)
{
  return convert (est_conversion_new (TRUE), data, size, piece);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;
  try_it (convert_to_lines, text, size, FALSE);
  try_it (convert_to_wide_lines, text, size, TRUE);
  try_it (convert_to_7_bits, text, size, TRUE);
  return 0;
}
