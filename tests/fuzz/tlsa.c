/* TLSA records out of a DNS answer, which comes from anywhere. */
#include "target.h"

#include "wire/tlsa.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gboolean authentic = TRUE;
  g_autoptr (GPtrArray) records = est_tlsa_parse (data, size, &authentic);

  g_assert_true (records != NULL || !authentic);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const EstTlsa *record = records->pdata[i];
      gsize length = g_bytes_get_size (record->data);
      g_assert_cmpuint (record->usage, <=, 3);
      g_assert_cmpuint (record->selector, <=, 1);
      g_assert_cmpuint (record->matching, <=, 2);
      g_assert_cmpuint (length, >, 0);
      g_assert_true (record->matching == 0 || length == 32u * record->matching);
    }
  return 0;
}
