/* Header blocks: the fields cover the block without a gap, and completing one takes out
   Bcc and nothing else. */
#include "target.h"

#include "mail/header.h"

#include <string.h>

#define NOW 1700000000000000

static gboolean
is_hidden (const EstField *field)
{
  return est_field_is (field, "Bcc") || est_field_is (field, "Resent-Bcc");
}

/* The fields one behind the other, with or without those that must not leave. */
static GByteArray *
collect (const char *data, gsize length, gboolean hidden)
{
  GByteArray *fields = g_byte_array_new ();
  const char *cursor = data;
  EstField field;

  while (est_header_next (&cursor, data + length, &field))
    {
      g_assert_true (field.start + field.length == cursor);
      g_assert_true (field.name_length > 0);
      g_assert_true (field.value > field.start + field.name_length);
      g_assert_true (field.value + field.value_length <= cursor);
      if (hidden || !is_hidden (&field))
        g_byte_array_append (fields, (const guint8 *) field.start, field.length);
    }
  return fields;
}

static void
check_completion (const char *data, gsize length)
{
  g_autoptr (GByteArray) once = g_byte_array_new ();
  g_autoptr (GByteArray) twice = g_byte_array_new ();
  g_autoptr (GByteArray) expected = collect (data, length, FALSE);

  est_header_complete (data, length, NOW, "<1@x>", once);
  g_assert_cmpuint (once->len, >=, expected->len);
  g_assert_cmpmem (once->data + once->len - expected->len, expected->len, expected->data,
                   expected->len);
  est_header_complete ((const char *) once->data, once->len, NOW, "<2@x>", twice);
  g_assert_cmpmem (twice->data, twice->len, once->data, once->len);
}

static void
check_words (const char *data, gsize length)
{
  g_autofree char *value = est_header_get (data, length, "Subject");
  g_autofree char *words = est_header_decode (value);

  g_assert_true ((value == NULL) == (words == NULL));
  if (value == NULL)
    return;
  g_assert_null (strpbrk (value, "\r\n"));
  g_assert_true (g_utf8_validate (words, -1, NULL));
  for (const char *at = words; *at != '\0'; at = g_utf8_next_char (at))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;
  gssize partial = est_header_find_end (text, size, FALSE);
  gssize end = est_header_find_end (text, size, TRUE);

  g_assert_true (end >= 0 && end <= (gssize) size);
  g_assert_true (partial == -1 || partial == end);

  g_autoptr (GByteArray) all = collect (text, end, TRUE);
  g_assert_cmpmem (all->data, all->len, text, end);
  check_completion (text, end);
  check_words (text, end);
  return 0;
}
