/* What token endpoints answer. */
#include "web/grant.h"

#include "web/failure.h"

#include <string.h>

typedef struct
{
  const char *what;
  guint status;
  const char *text;
  const char *found; /* "access refresh scope expires", or "failed CODE" */
} Case;

#define TOKEN "\"access_token\":\"abc\",\"token_type\":\"Bearer\""

/* clang-format off */
static const Case cases[] = {
  {"all of it", 200, "{" TOKEN ",\"refresh_token\":\"r\",\"scope\":\"a b\",\"expires_in\":3600}", "abc r a b 3600"},
  {"the least", 200, "{" TOKEN "}", "abc - - 0"},
  {"without a type", 200, "{\"access_token\":\"abc\"}", "abc - - 0"},
  {"a type in small letters", 200, "{\"access_token\":\"abc\",\"token_type\":\"bearer\"}", "abc - - 0"},
  {"digits in a text", 200, "{" TOKEN ",\"expires_in\":\"60\"}", "abc - - 60"},
  {"a negative time", 200, "{" TOKEN ",\"expires_in\":-5}", "abc - - 0"},
  {"an endless time", 200, "{" TOKEN ",\"expires_in\":9223372036854775807}", "abc - - 316224000"},
  {"a time that is none", 200, "{" TOKEN ",\"expires_in\":{}}", "abc - - 0"},
  {"an empty refresh token", 200, "{" TOKEN ",\"refresh_token\":\"\"}", "abc - - 0"},
  {"a number as a token", 200, "{\"access_token\":5}", "failed answer"},
  {"a control in a token", 200, "{\"access_token\":\"a\\u0007\"}", "failed answer"},
  {"a refresh token with a tab", 200, "{" TOKEN ",\"refresh_token\":\"r\\tscope=x\"}", "failed answer"},
  {"beyond ASCII", 200, "{\"access_token\":\"\xc3\xa9\"}", "failed answer"},
  {"another type", 200, "{\"access_token\":\"abc\",\"token_type\":\"DPoP\"}", "failed answer"},
  {"signed out", 400, "{\"error\":\"invalid_grant\"}", "failed invalid-grant"},
  {"who are you", 401, "{\"error\":\"invalid_client\"}", "failed client"},
  {"denied", 400, "{\"error\":\"access_denied\"}", "failed denied"},
  {"late", 400, "{\"error\":\"expired_token\"}", "failed expired"},
  {"an error of its own", 400, "{\"error\":\"interaction_required\"}", "failed refused"},
  {"an error that is no text", 400, "{\"error\":{\"code\":400}}", "failed answer"},
  {"trouble, whatever it says", 503, "{\"error\":\"invalid_grant\"}", "failed server"},
  {"too many", 429, "", "failed server"},
  {"elsewhere", 302, "", "failed answer"},
  {"nothing", 200, "", "failed answer"},
  {"no object", 200, "[" TOKEN "]", "failed answer"},
  {"broken off", 200, "{" TOKEN, "failed answer"},
};
/* clang-format on */

static char *
show (const EstGrant *grant, const GError *error)
{
  if (grant == NULL)
    return g_strdup_printf ("failed %s", est_failure_nick (error));
  return g_strdup_printf ("%s %s %s %" G_GINT64_FORMAT, grant->access,
                          grant->refresh != NULL ? grant->refresh : "-",
                          grant->scope != NULL ? grant->scope : "-", grant->expires);
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_strdup (cases[i].text);
      const EstAnswer answer = {cases[i].status, text, strlen (text)};
      g_test_message ("%s", cases[i].what);
      g_autoptr (EstGrant) grant = est_grant_read (&answer, &error);
      g_autofree char *shown = show (grant, error);
      g_assert_cmpstr (shown, ==, cases[i].found);
    }
}

static void
test_long_token (void)
{
  g_autofree char *token = g_strnfill (20000, 'a');
  g_autofree char *text = g_strdup_printf ("{\"access_token\":\"%s\"}", token);
  const EstAnswer answer = {200, text, strlen (text)};
  g_autoptr (GError) error = NULL;
  g_assert_null (est_grant_read (&answer, &error));
  g_assert_error (error, EST_FAILURE, EST_FAILURE_ANSWER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/grant/cases", test_cases);
  g_test_add_func ("/web/grant/long-token", test_long_token);
  return g_test_run ();
}
