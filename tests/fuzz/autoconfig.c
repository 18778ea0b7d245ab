/* What a web server says about a provider's mail servers. */
#include "target.h"

#include "web/autoconfig.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers
    = est_autoconfig_parse ((const char *) data, size, "you@example.org", &error);

  g_assert_true ((servers == NULL) == (error != NULL));
  for (guint i = 0; servers != NULL && i < servers->len; i++)
    {
      const EstCandidate *server = servers->pdata[i];
      g_assert_nonnull (strchr (server->host, '.'));
      g_assert_cmpuint (server->port, >, 0);
      g_assert_cmpint (server->security, !=, EST_SECURITY_NONE);
      g_assert_true (server->user == NULL || g_utf8_validate (server->user, -1, NULL));
      g_assert_true (server->scope == NULL || est_candidate_is_words (server->scope));
      g_assert_true (server->issuer == NULL || est_candidate_is_page (server->issuer));
      g_assert_true (server->token == NULL || est_candidate_is_page (server->token));
    }
  return 0;
}
