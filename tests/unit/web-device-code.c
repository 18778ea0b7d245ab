/* What device authorisation endpoints answer. */
#include "web/device-code.h"

#include "web/failure.h"

#include <string.h>

#define CODE "\"device_code\":\"d\",\"user_code\":\"WDJB-MJHT\""
#define PAGE "\"verification_uri\":\"https://a.example/d\""

/* clang-format off */
static const struct
{
  const char *text;
  const char *found; /* "code page complete expires interval"; NULL: no answer */
} cases[] = {
  {"{" CODE "," PAGE ",\"expires_in\":600,\"interval\":7}", "WDJB-MJHT https://a.example/d - 600 7"},
  {"{" CODE "," PAGE "}", "WDJB-MJHT https://a.example/d - 900 5"},
  {"{" CODE ",\"verification_url\":\"https://a.example/old\"}", "WDJB-MJHT https://a.example/old - 900 5"},
  {"{" CODE "," PAGE ",\"verification_uri_complete\":\"https://a.example/d?c\"}",
   "WDJB-MJHT https://a.example/d https://a.example/d?c 900 5"},
  {"{" CODE "," PAGE ",\"verification_uri_complete\":\"javascript:alert(1)\"}", "WDJB-MJHT https://a.example/d - 900 5"},
  {"{" CODE "," PAGE ",\"expires_in\":99999,\"interval\":0}", "WDJB-MJHT https://a.example/d - 900 1"},
  {"{" CODE "," PAGE ",\"expires_in\":-1,\"interval\":99999}", "WDJB-MJHT https://a.example/d - 900 60"},
  {"{" CODE ",\"verification_uri\":\"http://a.example/d\"}", NULL},
  {"{\"user_code\":\"A\"," PAGE "}", NULL},
  {"{\"device_code\":\"d\"," PAGE "}", NULL},
  {"{\"device_code\":\"d\",\"user_code\":\"A\\u001b[2J\"," PAGE "}", NULL},
  {"{}", NULL},
  {"", NULL},
};
/* clang-format on */

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_strdup (cases[i].text);
      const EstAnswer answer = {200, text, strlen (text)};
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_autoptr (EstDeviceCode) code = est_device_code_read (&answer, &error);
      g_assert_cmpint (code != NULL, ==, cases[i].found != NULL);
      if (code == NULL)
        {
          g_assert_error (error, EST_FAILURE, EST_FAILURE_ANSWER);
          continue;
        }
      g_autofree char *shown = g_strdup_printf (
        "%s %s %s %u %u", code->code, code->page,
        code->complete != NULL ? code->complete : "-", code->expires, code->interval);
      g_assert_cmpstr (shown, ==, cases[i].found);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/device-code/cases", test_cases);
  return g_test_run ();
}
