/* What somebody on this machine says to the door that waits for a browser. */
#include "target.h"

#include "web/redirect.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (EstRedirect) redirect
    = est_redirect_read ((const char *) data, size, "state");
  if (redirect == NULL)
    return 0;
  g_assert_true ((redirect->code == NULL) != (redirect->error == NULL));
  g_assert_true (memmem (data, size, "GET /?", 6) == data);
  for (const char *c = redirect->code; c != NULL && *c != '\0'; c++)
    g_assert_true (g_ascii_isprint (*c));
  return 0;
}
