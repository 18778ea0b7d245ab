/* What browsers bring, and what others do. */
#include "web/redirect.h"

#include <string.h>

typedef struct
{
  const char *head;
  const char *found; /* "code error description iss"; NULL: not what is waited for */
} Case;

/* clang-format off */
static const Case cases[] = {
  {"GET /?code=abc&state=S HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "abc - - -"},
  {"GET /?state=S&code=a%2Fb%3D&iss=https%3A%2F%2Fa.example HTTP/1.0\r\n\r\n", "a/b= - - https://a.example"},
  {"GET /?code=abc&state=S HTTP/1.1\n\n", "abc - - -"},
  {"GET /?state=S&error=access_denied&error_description=He+said+no%21 HTTP/1.1\r\n\r\n", "- access_denied He said no! -"},
  {"GET /?state=S&error=access_denied&code=abc HTTP/1.1\r\n\r\n", "- access_denied - -"},
  {"GET /?code=abc&state=S&scope=a%20b&session_state=5&empty HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=abc&state=S&scope=a%20b&session_state=5 HTTP/1.1\r\n\r\n", "abc - - -"},
  {"GET /?code=abc&state=s HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=abc&state=SS HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=abc&state= HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=abc HTTP/1.1\r\n\r\n", NULL},
  {"GET /?state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=a&state=S&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=a&code=b&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=a%0Ab&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=a%00b&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=%C3%A9&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=%zz&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET /x?code=abc&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET //?code=abc&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET http://127.0.0.1/?code=abc&state=S HTTP/1.1\r\n\r\n", NULL},
  {"HEAD /?code=abc&state=S HTTP/1.1\r\n\r\n", NULL},
  {"POST /?code=abc&state=S HTTP/1.1\r\n\r\n", NULL},
  {"get /?code=abc&state=S HTTP/1.1\r\n\r\n", NULL},
  {"GET /?code=abc&state=S\r\n\r\n", NULL},
  {"GET /? HTTP/1.1\r\n\r\n", NULL},
  {"GET /?", NULL},
  {"GET /?code=abc&state=S HTTP/1.1", NULL},
  {"GET / HTTP/1.1\r\nX: /?code=abc&state=S HTTP/1.1\r\n\r\n", NULL},
  {"", NULL},
};
/* clang-format on */

static const char *
or_dash (const char *text)
{
  return text != NULL ? text : "-";
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_autoptr (EstRedirect) redirect
        = est_redirect_read (cases[i].head, strlen (cases[i].head), "S");
      g_assert_cmpint (redirect != NULL, ==, cases[i].found != NULL);
      if (redirect == NULL)
        continue;
      g_autofree char *shown = g_strdup_printf (
        "%s %s %s %s", or_dash (redirect->code), or_dash (redirect->error),
        or_dash (redirect->description), or_dash (redirect->iss));
      g_assert_cmpstr (shown, ==, cases[i].found);
    }
}

static void
test_long_code (void)
{
  g_autofree char *code = g_strnfill (5000, 'a');
  g_autofree char *head
    = g_strdup_printf ("GET /?state=S&code=%s HTTP/1.1\r\n\r\n", code);
  g_assert_null (est_redirect_read (head, strlen (head), "S"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/redirect/cases", test_cases);
  g_test_add_func ("/web/redirect/long-code", test_long_code);
  return g_test_run ();
}
