/* What an authorisation server answers, at each of its endpoints. */
#include "target.h"

#include "web/device-code.h"
#include "web/failure.h"
#include "web/grant.h"
#include "web/metadata.h"
#include "web/registration.h"

#include <string.h>

static void
check_grant (const EstAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstGrant) grant = est_grant_read (answer, &error);
  g_assert_true ((grant == NULL) == (error != NULL));
  if (grant == NULL)
    {
      g_assert_true (error->domain == EST_FAILURE);
      g_assert_nonnull (est_failure_nick (error));
      return;
    }
  g_assert_cmpuint (strlen (grant->access), >, 0);
  g_assert_cmpint (grant->expires, >=, 0);
  for (const char *c = grant->access; *c != '\0'; c++)
    g_assert_true (g_ascii_isprint (*c));
}

static void
check_device (const EstAnswer *answer)
{
  g_autoptr (EstDeviceCode) code = est_device_code_read (answer, NULL);
  if (code != NULL)
    g_assert_true (code->interval > 0 && code->expires > 0
                   && g_str_has_prefix (code->page, "https://"));
}

static void
check_authority (const EstAnswer *answer)
{
  g_autoptr (EstAuthority) authority = g_new0 (EstAuthority, 1);
  authority->issuer = g_strdup ("https://a.example");
  est_metadata_take (authority, answer->text, answer->length, NULL);
  est_registration_take (authority, answer, NULL);
  g_assert_true (authority->token == NULL
                 || g_str_has_prefix (authority->token, "https://"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (data != NULL ? (const char *) data : "", size);
  const EstAnswer answer = {200, text, size};
  check_grant (&answer);
  check_device (&answer);
  check_authority (&answer);
  return 0;
}
