/* A prefs.js that somebody else wrote. */
#include "target.h"

#include "web/prefs.h"
#include "web/programs.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (data != NULL ? (const char *) data : "", size);
  g_autoptr (GHashTable) prefs = est_prefs_parse (text, "mail.");
  g_autoptr (GPtrArray) list = est_thunderbird_read (prefs, "you@example.org");
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, prefs);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_assert_true (g_str_has_prefix (name, "mail."));
      g_assert_true (g_utf8_validate (name, -1, NULL));
      g_assert_true (g_utf8_validate (value, -1, NULL));
    }
  for (guint i = 0; i < list->len; i++)
    {
      const EstCandidate *one = g_ptr_array_index (list, i);
      g_assert_nonnull (strchr (one->host, '.'));
      g_assert_cmpuint (one->port, >, 0);
      g_assert_cmpint (one->security, !=, EST_SECURITY_NONE);
    }
  return 0;
}
