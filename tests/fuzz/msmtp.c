/* An msmtprc, and the other files of groups and keys, that somebody else wrote. */
#include "target.h"

#include "web/own-file.h"
#include "web/programs.h"

#include <string.h>

static void
check (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    {
      const EstCandidate *one = g_ptr_array_index (list, i);
      g_assert_nonnull (strchr (one->host, '.'));
      g_assert_cmpuint (one->port, >, 0);
      g_assert_cmpint (one->security, !=, EST_SECURITY_NONE);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (data != NULL ? (const char *) data : "", size);
  g_autoptr (GPtrArray) list = est_msmtp_read (text, "you@example.org");
  g_autoptr (GKeyFile) file = est_own_file_parse (text);
  g_autoptr (GPtrArray) other = est_kmail_read (file, file, "you@example.org");
  check (list);
  check (other);
  return 0;
}
