/* What real and broken servers say to EHLO. */
#include "mail/capabilities.h"

#include <string.h>

static EstCapabilities *
parse (const char *text)
{
  g_autoptr (EstReply) reply = est_reply_new (250, NULL, text);

  return est_capabilities_parse (reply);
}

static void
test_everything (void)
{
  g_autoptr (EstCapabilities) capabilities
    = parse ("mx.example greets you\nPIPELINING\nSIZE 35882577\nSTARTTLS\n8bitmime\n"
             "ENHANCEDSTATUSCODES\nCHUNKING\nBINARYMIME\nAUTH PLAIN LOGIN "
             "SCRAM-SHA-256\nX-FUTURE 1");
  g_autofree char *mechanisms = g_strjoinv (" ", capabilities->mechanisms);

  g_assert_true (capabilities->starttls);
  g_assert_true (capabilities->pipelining);
  g_assert_true (capabilities->eight_bit_mime);
  g_assert_true (capabilities->enhanced_status);
  g_assert_true (capabilities->chunking);
  g_assert_true (capabilities->binary_mime);
  g_assert_true (capabilities->size);
  g_assert_cmpuint (capabilities->size_limit, ==, 35882577);
  g_assert_cmpstr (mechanisms, ==, "PLAIN LOGIN SCRAM-SHA-256");
}

/* The first line is a greeting even if it reads like a keyword. */
static void
test_nothing (void)
{
  static const char *const texts[]
    = {"", "STARTTLS", "AUTH PLAIN", "mx\n\n", "mx\nSTARTTLSX\n-"};

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (EstCapabilities) capabilities = parse (texts[i]);

      g_assert_false (capabilities->starttls);
      g_assert_false (capabilities->pipelining);
      g_assert_false (capabilities->eight_bit_mime);
      g_assert_false (capabilities->enhanced_status);
      g_assert_false (capabilities->chunking);
      g_assert_false (capabilities->binary_mime);
      g_assert_false (capabilities->size);
      g_assert_cmpuint (g_strv_length (capabilities->mechanisms), ==, 0);
    }
}

static void
test_size (void)
{
  static const struct
  {
    const char *line;
    guint64 limit;
  } cases[] = {
    {"SIZE",                      0          },
    {"SIZE 0",                    0          },
    {"size 10240000",             10240000   },
    {"SIZE  5",                   5          },
    {"SIZE 18446744073709551615", G_MAXUINT64},
    {"SIZE 18446744073709551616", 0          },
    {"SIZE -1",                   0          },
    {"SIZE big",                  0          },
    {"SIZE 4294967296",           4294967296u},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat ("mx\n", cases[i].line, NULL);
      g_autoptr (EstCapabilities) capabilities = parse (text);

      g_test_message ("case %zu", i);
      g_assert_true (capabilities->size);
      g_assert_cmpuint (capabilities->size_limit, ==, cases[i].limit);
    }
}

/* RFC 9422: what is malformed is as good as not there. */
static void
test_limits (void)
{
  static const struct
  {
    const char *lines;
    guint mails, recipients, domains;
  } cases[] = {
    {"LIMITS RCPTMAX=20 MAILMAX=5 RCPTDOMAINMAX=3",    5, 20,     3},
    {"limits rcptmax=999999",                          0, 999999, 0},
    {"LIMITS RCPTMAX=1000000",                         0, 0,      0},
    {"LIMITS RCPTMAX=0 MAILMAX=007",                   0, 0,      0},
    {"LIMITS RCPTMAX= MAILMAX RCPTDOMAINMAX=3x",       0, 0,      0},
    {"LIMITS RCPTMAX=-1 MAILMAX=+1 RCPTDOMAINMAX=1.5", 0, 0,      0},
    {"LIMITS RCPTMAX=9 RCPTMAX=8\nLIMITS RCPTMAX=10",  0, 8,      0},
    {"LIMITS X=1 RCPTMAXX=2 =3",                       0, 0,      0},
    {"LIMITS",                                         0, 0,      0},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat ("mx\n", cases[i].lines, NULL);
      g_autoptr (EstCapabilities) capabilities = parse (text);

      g_test_message ("case %zu", i);
      g_assert_cmpuint (capabilities->mail_max, ==, cases[i].mails);
      g_assert_cmpuint (capabilities->rcpt_max, ==, cases[i].recipients);
      g_assert_cmpuint (capabilities->rcpt_domain_max, ==, cases[i].domains);
    }
}

/* Both bounds, or it is no offer. */
static void
test_future_release (void)
{
  static const struct
  {
    const char *line;
    gint64 longest, latest; /* s */
  } cases[] = {
    {"FUTURERELEASE 86400 2026-11-27T06:30:00Z",        86400, 1795761000},
    {"futurerelease 60 2026-11-27T07:30:00+01:00 more", 60,    1795761000},
    {"FUTURERELEASE",                                   0,     0         },
    {"FUTURERELEASE 86400",                             0,     0         },
    {"FUTURERELEASE 0 2026-11-27T06:30:00Z",            0,     0         },
    {"FUTURERELEASE -5 2026-11-27T06:30:00Z",           0,     0         },
    {"FUTURERELEASE 99999999999 2026-11-27T06:30:00Z",  0,     0         },
    {"FUTURERELEASE 86400 tomorrow",                    0,     0         },
    {"FUTURERELEASE 2026-11-27T06:30:00Z 86400",        0,     0         },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat ("mx\n", cases[i].line, NULL);
      g_autoptr (EstCapabilities) capabilities = parse (text);
      gboolean offered = (capabilities->parameters & EST_EXTENSION_FUTURERELEASE) != 0;

      g_test_message ("case %zu", i);
      g_assert_cmpint (offered, ==, cases[i].longest > 0);
      g_assert_cmpint (capabilities->hold_longest, ==, cases[i].longest);
      g_assert_cmpint (capabilities->hold_latest, ==, cases[i].latest * G_USEC_PER_SEC);
    }
}

static void
test_mechanisms (void)
{
  static const struct
  {
    const char *lines;
    const char *mechanisms;
  } cases[] = {
    {"AUTH PLAIN LOGIN",                 "PLAIN LOGIN"        },
    {"AUTH plain",                       "PLAIN"              },
    {"AUTH=PLAIN LOGIN",                 "PLAIN LOGIN"        },
    {"AUTH=LOGIN\nAUTH PLAIN LOGIN",     "LOGIN PLAIN"        },
    {"AUTH PLAIN PLAIN plain",           "PLAIN"              },
    {"AUTH",                             ""                   },
    {"AUTH  XOAUTH2   OAUTHBEARER ",     "XOAUTH2 OAUTHBEARER"},
    {"AUTH PL@IN LOGIN",                 "LOGIN"              },
    {"AUTH AAAAAAAAAAAAAAAAAAAAA LOGIN", "LOGIN"              },
    {"AUTHPLAIN",                        ""                   },
    {"AUTH \xf0\x9f\x98\x80 PLAIN",      "PLAIN"              },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat ("mx\n", cases[i].lines, NULL);
      g_autoptr (EstCapabilities) capabilities = parse (text);
      g_autofree char *mechanisms = g_strjoinv (" ", capabilities->mechanisms);

      g_test_message ("case %zu", i);
      g_assert_cmpstr (mechanisms, ==, cases[i].mechanisms);
    }
}

static void
test_flood (void)
{
  g_autoptr (GString) text = g_string_new ("mx\nAUTH");

  for (int i = 0; i < 100000; i++)
    g_string_append_printf (text, " M%d", i);
  g_autoptr (EstCapabilities) capabilities = parse (text->str);
  g_assert_cmpuint (g_strv_length (capabilities->mechanisms), <=, 100);
  g_assert_cmpstr (capabilities->mechanisms[0], ==, "M0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/capabilities/everything", test_everything);
  g_test_add_func ("/mail/capabilities/nothing", test_nothing);
  g_test_add_func ("/mail/capabilities/size", test_size);
  g_test_add_func ("/mail/capabilities/limits", test_limits);
  g_test_add_func ("/mail/capabilities/future-release", test_future_release);
  g_test_add_func ("/mail/capabilities/mechanisms", test_mechanisms);
  g_test_add_func ("/mail/capabilities/flood", test_flood);
  return g_test_run ();
}
