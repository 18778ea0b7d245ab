/* Whom a header is for: only addresses come out, each once. */
#include "mail/recipients.h"

#include "mail/address.h"
#include "target.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *header
    = g_memdup2 (data, size); /* so that a read past its end is seen */
  if (size == 0 || !est_recipients_read (header, size, recipients))
    return 0;
  for (guint i = 0; i < recipients->len; i++)
    {
      g_assert_true (est_address_is_mailbox (recipients->pdata[i]));
      g_assert_true (g_hash_table_add (known, recipients->pdata[i]));
    }
  return 0;
}
