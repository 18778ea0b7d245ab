/* What a web server says about a provider's mail servers in JSON, and the DNS about that.
 */
#include "target.h"

#include "web/pacc.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strndup (data != NULL ? (const char *) data : "", size);
  const char *records[] = {text, NULL};
  g_autoptr (GPtrArray) found = est_pacc_parse (text, size, &error);

  g_assert_true ((found == NULL) == (error != NULL));
  g_assert_false (est_pacc_is_confirmed (text, size, records));
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      const EstCandidate *server = found->pdata[i];
      g_assert_nonnull (strchr (server->host, '.'));
      g_assert_true (server->issuer == NULL || est_candidate_is_page (server->issuer));
    }
  return 0;
}
