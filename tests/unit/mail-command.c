/* Command lines and parameters, friendly and hostile. */
#include "mail/command.h"
#include "mail/mail-error.h"

#include <string.h>

static void
test_split (void)
{
  static const struct
  {
    const char *line;
    const char *verb;
    const char *argument;
  } cases[] = {
    {"EHLO example",             "EHLO",    "example"          },
    {"quit",                     "QUIT",    ""                 },
    {"Rset  \t ",                "RSET",    ""                 },
    {"MAIL FROM:<a@b> SIZE=1  ", "MAIL",    "FROM:<a@b> SIZE=1"},
    {"VRFY \t x y",              "VRFY",    "x y"              },
    {"\tDATA",                   "",        "DATA"             },
    {"",                         "",        ""                 },
    {"   ",                      "",        ""                 },
    {"STARTTLSNOW x",            "STARTTL", "x"                },
    {"abcdefgh",                 "ABCDEFG", ""                 },
    {"\xe4hlo x",                "\xe4HLO", "x"                },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strdup (cases[i].line);
      char verb[8];

      g_test_message ("case %zu", i);
      g_assert_cmpstr (est_command_split (line, verb, sizeof verb), ==,
                       cases[i].argument);
      g_assert_cmpstr (verb, ==, cases[i].verb);
    }
}

static void
test_is_text (void)
{
  g_assert_true (est_command_is_text ("EHLO \t~", 7));
  g_assert_true (est_command_is_text ("", 0));
  g_assert_false (est_command_is_text ("EH\0LO", 5));
  g_assert_false (est_command_is_text ("EHLO\r", 5));
  g_assert_false (est_command_is_text ("EHLO\x7f", 5));
  g_assert_false (est_command_is_text ("EHLO\x80", 5));
  g_assert_false (est_command_is_text ("\x16\x03\x01", 3));
}

static void
test_is_http (void)
{
  static const struct
  {
    const char *line;
    gboolean http;
  } cases[] = {
    {"GET / HTTP/1.1",                TRUE },
    {"POST /x HTTP/1.1",              TRUE },
    {"GET /",                         TRUE },
    {"get /",                         TRUE },
    {"OPTIONS * HTTP/1.1",            TRUE },
    {"PRI * HTTP/2.0",                TRUE },
    {"EHLO / HTTP/1.1",               TRUE },
    {"CONNECT 127.0.0.1:25 HTTP/1.1", TRUE },
    {"EHLO example",                  FALSE},
    {"HELO get",                      FALSE},
    {"GETS x",                        FALSE},
    {"QUIT",                          FALSE},
    {"",                              FALSE},
    {" ",                             FALSE},
    {"MAIL FROM:<HTTP/1.1@b>",        FALSE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %zu", i);
      g_assert_cmpint (est_command_is_http (cases[i].line), ==, cases[i].http);
    }
}

/* "KEY=value|KEY2" for " key=value KEY2"; "!" where an error stopped it. */
static char *
join_parameters (const char *text)
{
  GString *all = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const char *cursor = text;
  EstParameter parameter;

  while (est_parameter_next (&cursor, &parameter, &error) && parameter.key != NULL)
    {
      g_string_append_printf (all, "%s%s", all->len > 0 ? "|" : "", parameter.key);
      if (parameter.value != NULL)
        g_string_append_printf (all, "=%s", parameter.value);
      est_parameter_clear (&parameter);
      g_assert_null (parameter.key);
    }
  g_assert_null (parameter.key);
  g_assert_null (parameter.value);
  if (error == NULL)
    g_assert_cmpint (*cursor, ==, '\0');
  else
    {
      g_assert_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SYNTAX);
      g_string_append_c (all, '!');
    }
  return g_string_free (all, FALSE);
}

static void
test_parameters (void)
{
  static const struct
  {
    const char *text;
    const char *parameters;
  } cases[] = {
    {"",                         ""                      },
    {"  ",                       ""                      },
    {" SIZE=100",                "SIZE=100"              },
    {" size=100 Body=8BITMIME ", "SIZE=100|BODY=8BITMIME"},
    {"  SMTPUTF8\tX-y=Z",        "SMTPUTF8|X-Y=Z"        },
    {" AUTH=<>",                 "AUTH=<>"               },
    {" ORCPT=rfc822;a+40b@c",    "ORCPT=rfc822;a+40b@c"  },
    {"SIZE=1",                   "!"                     },
    {" SIZE=",                   "!"                     },
    {" SIZE= 1",                 "!"                     },
    {" =1",                      "!"                     },
    {" A=b=c",                   "!"                     },
    {" -A=b",                    "!"                     },
    {" A_B=c",                   "!"                     },
    {" A B=\x7f",                "A!"                    },
    {" A=b\r\nRSET",             "!"                     },
    {" A=b\x7f",                 "!"                     },
    {"> A",                      "!"                     },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *parameters = join_parameters (cases[i].text);

      g_test_message ("case %zu", i);
      g_assert_cmpstr (parameters, ==, cases[i].parameters);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/command/split", test_split);
  g_test_add_func ("/mail/command/is-text", test_is_text);
  g_test_add_func ("/mail/command/is-http", test_is_http);
  g_test_add_func ("/mail/command/parameters", test_parameters);
  return g_test_run ();
}
