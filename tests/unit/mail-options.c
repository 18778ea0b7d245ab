/* Parameters of MAIL and RCPT, read, kept and written. */
#include "mail/mail-error.h"
#include "mail/options.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000000000)

#define NO  "malformed"
#define YET "unsupported"

static char *
describe (gboolean good, char *text, const GError *error)
{
  if (good)
    return text;
  g_free (text);
  return g_strdup (g_error_matches (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SYNTAX) ? NO
                                                                                  : YET);
}

static char *
read_mail (const char *text, EstExtensions offered)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstMailOptions) options = {0};
  gboolean good = est_mail_options_parse (&options, text, offered, NOW, &error);
  return describe (good, est_mail_options_format (&options, EST_EXTENSIONS_ALL, NOW),
                   error);
}

static char *
read_rcpt (const char *text, EstExtensions offered)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstRcptOptions) options = {0};
  gboolean good = est_rcpt_options_parse (&options, text, offered, &error);
  return describe (good, est_rcpt_options_format (&options, EST_EXTENSIONS_ALL), error);
}

typedef struct
{
  const char *text;
  const char *back;
} Case;

#define C20  "aaaaaaaaaaaaaaaaaaaa"
#define C100 C20 C20 C20 C20 C20

static const Case mails[] = {
  {"",                                          ""                               },
  {" SIZE=0 BODY=7bit",                         ""                               },
  {" SIZE=18446744073709551615",                ""                               },
  {" SIZE=18446744073709551616",                NO                               },
  {" SIZE",                                     NO                               },
  {" SIZE=",                                    NO                               },
  {" BODY=BinaryMIME",                          ""                               },
  {" BODY=BINARY",                              NO                               },
  {" AUTH=<>",                                  ""                               },
  {" AUTH=a+40b",                               ""                               },
  {" AUTH=a+4",                                 NO                               },
  {" AUTH",                                     NO                               },
  {" smtputf8",                                 " SMTPUTF8"                      },
  {" SMTPUTF8=yes",                             NO                               },
  {" REQUIRETLS",                               " REQUIRETLS"                    },
  {" REQUIRETLS=1",                             NO                               },
  {" RET=full",                                 " RET=FULL"                      },
  {" RET=HDRS ENVID=a+2Bb",                     " RET=HDRS ENVID=a+2Bb"          },
  {" RET=SOME",                                 NO                               },
  {" RET=FULL RET=FULL",                        NO                               },
  {" ENVID=",                                   NO                               },
  {" ENVID=a+2b",                               NO                               },
  {" ENVID=" C100,                              " ENVID=" C100                   },
  {" ENVID=" C100 "a",                          NO                               },
  {" MT-PRIORITY=3",                            " MT-PRIORITY=3"                 },
  {" MT-PRIORITY=+4",                           " MT-PRIORITY=4"                 },
  {" MT-PRIORITY=-9",                           " MT-PRIORITY=-9"                },
  {" MT-PRIORITY=0",                            ""                               },
  {" MT-PRIORITY=10",                           NO                               },
  {" MT-PRIORITY=--1",                          NO                               },
  {" MT-PRIORITY=",                             NO                               },
  {" BY=120;R",                                 " BY=120;R"                      },
  {" BY=120;rt",                                " BY=120;RT"                     },
  {" BY=-120;N",                                " BY=-120;N"                     },
  {" BY=0;N",                                   " BY=0;N"                        },
  {" BY=0;R",                                   NO                               },
  {" BY=-1;R",                                  NO                               },
  {" BY=120",                                   NO                               },
  {" BY=120;X",                                 NO                               },
  {" BY=120;RTX",                               NO                               },
  {" BY=;R",                                    NO                               },
  {" BY=1234567890;R",                          NO                               },
  {" HOLDFOR=0",                                ""                               },
  {" HOLDFOR=1",                                " HOLDUNTIL=2023-11-14T22:13:21Z"},
  {" HOLDFOR=31622400",                         " HOLDUNTIL=2024-11-14T22:13:20Z"},
  {" HOLDFOR=31622401",                         NO                               },
  {" HOLDFOR=-1",                               NO                               },
  {" HOLDFOR=1h",                               NO                               },
  {" HOLDUNTIL=2023-11-15T00:00:00Z",           " HOLDUNTIL=2023-11-15T00:00:00Z"},
  {" HOLDUNTIL=2023-11-15T00:00:00.25Z",        " HOLDUNTIL=2023-11-15T00:00:01Z"},
  {" HOLDUNTIL=2023-11-15T00:00:00+01:00",      " HOLDUNTIL=2023-11-14T23:00:00Z"},
  {" HOLDUNTIL=1999-01-01T00:00:00Z",           ""                               },
  {" HOLDUNTIL=2023-11-15T00:00:00",            NO                               },
  {" HOLDUNTIL=2033-11-15T00:00:00Z",           NO                               },
  {" HOLDUNTIL=tomorrow",                       NO                               },
  {" HOLDFOR=1 HOLDUNTIL=2023-11-15T00:00:00Z", NO                               },
  {" X=1",                                      YET                              },
  {" SUBMITTER=a@b",                            YET                              },
  {"RET=FULL",                                  NO                               },
  {" =1",                                       NO                               },
};

static const Case rcpts[] = {
  {"",                                        ""                             },
  {" NOTIFY=NEVER",                           " NOTIFY=NEVER"                },
  {" notify=delay,success,FAILURE",           " NOTIFY=SUCCESS,FAILURE,DELAY"},
  {" ORCPT=rfc822;\xc3\xbc@c.d",              NO                             },
  {" ORCPT=utf-8;\xfc@c.d",                   NO                             },
  {" ORCPT=utf-8;\xc2\x85@c.d",               NO                             },
  {" ORCPT=utf-8;\xc3\xbc=@c.d",              NO                             },
  {" NOTIFY=NEVER,DELAY",                     NO                             },
  {" NOTIFY=DELAY,DELAY",                     NO                             },
  {" NOTIFY=",                                NO                             },
  {" NOTIFY=DELAY,",                          NO                             },
  {" NOTIFY",                                 NO                             },
  {" ORCPT=rfc822;b+2Bx@c.d",                 " ORCPT=rfc822;b+2Bx@c.d"      },
  {" ORCPT=utf-8;\xc3\xbc@c.d",               " ORCPT=utf-8;\xc3\xbc@c.d"    },
  {" ORCPT=;b@c",                             NO                             },
  {" ORCPT=rfc822;",                          NO                             },
  {" ORCPT=rfc822",                           NO                             },
  {" ORCPT=rf/c;b",                           NO                             },
  {" ORCPT=rfc822;b+c@d",                     NO                             },
  {" ORCPT=rfc822;" C100 C100 C100 C100 C100, NO                             },
  {" SIZE=1",                                 YET                            },
};

static void
check (const Case *cases,
       gsize n,
       char *(*read) (const char *text, EstExtensions offered))
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *back = read (cases[i].text, EST_EXTENSIONS_ALL);
      g_test_message ("case %zu:%s", i, cases[i].text);
      g_assert_cmpstr (back, ==, cases[i].back);
    }
}

static void
test_read (void)
{
  check (mails, G_N_ELEMENTS (mails), read_mail);
  check (rcpts, G_N_ELEMENTS (rcpts), read_rcpt);
}

/* What is not offered is not taken, and the rest is. */
static void
test_offers (void)
{
  static const char *const each[] = {" SMTPUTF8", " REQUIRETLS",    " RET=FULL",
                                     " BY=9;N",   " MT-PRIORITY=1", " HOLDFOR=1"};
  for (gsize i = 0; i < G_N_ELEMENTS (each); i++)
    {
      g_autofree char *nothing = read_mail (each[i], 0);
      g_autofree char *all = read_mail (each[i], EST_EXTENSIONS_ALL);
      g_assert_cmpstr (nothing, ==, YET);
      g_assert_cmpstr (all, !=, YET);
    }
  g_autofree char *mail = read_mail (" SIZE=1 BODY=8BITMIME AUTH=<>", 0);
  g_autofree char *rcpt
    = read_rcpt (" NOTIFY=NEVER", EST_EXTENSIONS_ALL & ~EST_EXTENSION_DSN);
  g_assert_cmpstr (mail, ==, "");
  g_assert_cmpstr (rcpt, ==, YET);
}

/* Kept as a time, a limit is what is left of it when the relay is told. */
static void
test_time_goes_by (void)
{
  g_auto (EstMailOptions) options = {0}, again = {0};
  g_assert_true (est_mail_options_parse (&options, " BY=100;R HOLDFOR=60 RET=HDRS",
                                         EST_EXTENSIONS_ALL, NOW, NULL));
  g_assert_cmpint (options.not_before, ==, NOW + 60 * G_USEC_PER_SEC);
  g_autofree char *kept = est_mail_options_format (&options, EST_EXTENSIONS_ALL, 0);
  g_assert_cmpstr (kept, ==, " RET=HDRS BY=1700000100;R");
  g_assert_true (est_mail_options_parse (&again, kept, EST_EXTENSIONS_ALL, 0, NULL));
  g_autofree char *late
    = est_mail_options_format (&again, EST_EXTENSION_DELIVERBY, NOW + 30500000);
  g_assert_cmpstr (late, ==, " BY=69;R");
  g_autofree char *over
    = est_mail_options_format (&again, EST_EXTENSION_DELIVERBY, NOW + 100500000);
  g_assert_cmpstr (over, ==, " BY=-1;R");

  g_auto (EstMailOptions) fraction = {0};
  g_assert_true (
    est_mail_options_parse (&fraction, " BY=100;R", EST_EXTENSIONS_ALL, NOW + 1, NULL));
  g_autofree char *not_before
    = est_mail_options_format (&fraction, EST_EXTENSIONS_ALL, 0);
  g_assert_cmpstr (not_before, ==, " BY=1700000101;R");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/options/read", test_read);
  g_test_add_func ("/mail/options/offers", test_offers);
  g_test_add_func ("/mail/options/time-goes-by", test_time_goes_by);
  return g_test_run ();
}
