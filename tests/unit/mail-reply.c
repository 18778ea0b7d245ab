/* Replies as servers give them, well-formed and otherwise. */
#include "mail/mail-error.h"
#include "mail/reply.h"

#include <string.h>

static void
test_scan_line (void)
{
  static const struct
  {
    const char *line;
    int code; /* 0: refused */
    gboolean more;
  } cases[] = {
    {"250 ok",       250, FALSE},
    {"250-ok",       250, TRUE },
    {"250",          250, FALSE},
    {"250 ",         250, FALSE},
    {"250-",         250, TRUE },
    {"599 x",        599, FALSE},
    {"354 go",       354, FALSE},
    {"199 x",        0,   FALSE},
    {"600 x",        0,   FALSE},
    {"25",           0,   FALSE},
    {"2",            0,   FALSE},
    {"",             0,   FALSE},
    {"2500 x",       0,   FALSE},
    {"250\tx",       0,   FALSE},
    {"250_x",        0,   FALSE},
    {" 250 x",       0,   FALSE},
    {"2a0 x",        0,   FALSE},
    {"-50 x",        0,   FALSE},
    {"OK",           0,   FALSE},
    {"HTTP/1.1 400", 0,   FALSE},
    {"\xb2"
     "50 x",    0,   FALSE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean more = FALSE;
      int code = 0;

      g_test_message ("case %zu", i);
      g_assert_cmpint (est_reply_scan_line (cases[i].line, &code, &more, &error), ==,
                       cases[i].code != 0);
      g_assert_cmpint (code, ==, cases[i].code);
      g_assert_cmpint (more, ==, cases[i].more);
      if (cases[i].code == 0)
        g_assert_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SYNTAX);
    }
}

typedef struct
{
  const char *lines[5];
  int code; /* 0: refused */
  const char *status;
  const char *text;
  const char *line;
} Parsed;

static const Parsed parsed[] = {
  {{"250 2.1.0 Sender ok"},            250,                           "2.1.0", "Sender ok", "250 2.1.0 Sender ok"},
  {{"250"},                       250,                               NULL, "", "250"},
  {{"250 "},                            250,                                NULL, "", "250"},
  {{"250 2.0.0"},                                250,                                                        "2.0.0", "", "250 2.0.0"},
  {{"550-5.1.1 no", "550 5.1.1 such"},                           550,                          "5.1.1", "no\nsuch", "550 5.1.1 no such"},
  {{"550-no", "550 5.7.26 spf"},                                550,                                                        "5.7.26", "no\nspf", "550 5.7.26 no spf"},
  {{"550-5.1.1 a", "550 5.7.1 b"},                      550,                 "5.1.1", "a\nb", "550 5.1.1 a b"},
  {{"550 4.1.1 wrong class"},                                550,                                                  NULL, "4.1.1 wrong class", "550 4.1.1 wrong class"},
  {{"354 3.0.0 go"}, 354, NULL, "3.0.0 go", "354 3.0.0 go"},
  {{"550 5.1 x"},                        550,                                  NULL, "5.1 x", "550 5.1 x"},
  {{"550 5.1111.1 x"},       550,  NULL, "5.1111.1 x", "550 5.1111.1 x"},
  {{"550 5.1.1000 x"},                         550,                                   NULL, "5.1.1000 x", "550 5.1.1000 x"},
  {{"550 5.1.1: x"},     550,          NULL, "5.1.1: x", "550 5.1.1: x"},
  {{"550-  5.1.1  x", "550 5.1.1 5.7.1"},                            550,                                          "5.1.1", "x\n5.7.1", "550 5.1.1 x 5.7.1"},
  {{"550 5..1 x"},          550,     NULL, "5..1 x", "550 5..1 x"},
  {{"550 5.1.1\tx"},               550,                     "5.1.1", "x", "550 5.1.1 x"},
  {{"550 \033[31mred\007"},                   550,                                             NULL, "[31mred", "550 [31mred"},
  {{"550 a\r\n220 b"},                        550,                                       NULL, "a  220 b", "550 a  220 b"},
  {{"550 caf\xe9"},                      550,                         NULL, "caf\xef\xbf\xbd", "550 caf\xef\xbf\xbd"},
  {{"550 caf\xc3\xa9"},                           550,                                             NULL, "caf\xc3\xa9", "550 caf\xc3\xa9"},
  {{"550-", "550-", "550 x"},                 550,                                     NULL, "\n\nx", "550 x"},
  {{NULL},                      0                                  },
  {{"hello"},                 0                  },
  {{"250-a", "550 b"},                      0                                  },
  {{"250-a", "b"},                   0                                        },
};

static void
check_parsed (const Parsed *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstReply) reply = est_reply_parse (expected->lines, &error);

  if (expected->code == 0)
    {
      g_assert_null (reply);
      g_assert_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SYNTAX);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (reply->code, ==, expected->code);
  g_assert_cmpstr (reply->status, ==, expected->status);
  g_assert_cmpstr (reply->text, ==, expected->text);
  g_assert_cmpint (est_reply_class (reply), ==, expected->code / 100);

  g_autofree char *line = est_reply_to_line (reply);
  g_autoptr (EstReply) again = est_reply_from_line (line);
  g_autofree char *line_again = est_reply_to_line (again);
  g_assert_cmpstr (line, ==, expected->line);
  g_assert_cmpstr (line_again, ==, expected->line);
}

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parsed); i++)
    {
      g_test_message ("case %zu", i);
      check_parsed (&parsed[i]);
    }
}

static void
test_format (void)
{
  static const struct
  {
    int code;
    const char *status;
    const char *text;
    const char *wire;
  } cases[] = {
    {250, "2.0.0",       "Queued",               "250 2.0.0 Queued\r\n"                    },
    {250, NULL,          "Queued",               "250 Queued\r\n"                          },
    {250, NULL,          "",                     "250 \r\n"                                },
    {250, "2.0.0",       "",                     "250 2.0.0\r\n"                           },
    {250, NULL,          "mx\nSIZE 1\nSTARTTLS", "250-mx\r\n250-SIZE 1\r\n250 STARTTLS\r\n"},
    {550, "5.1.1",       "a\nb",                 "550-5.1.1 a\r\n550 5.1.1 b\r\n"          },
    {550, "2.0.0",       "wrong",                "550 wrong\r\n"                           },
    {550, "5.1.1 x\r\n", "y",                    "550 5.1.1 y\r\n"                         },
    {550, "nonsense",    "y",                    "550 y\r\n"                               },
    {354, "3.0.0",       "go",                   "354 go\r\n"                              },
    {550, NULL,          "caf\xc3\xa9",          "550 caf?\r\n"                            },
    {550, NULL,          "a\r\n250 b",           "550-a\r\n550 250 b\r\n"                  },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EstReply) reply
        = est_reply_new (cases[i].code, cases[i].status, cases[i].text);
      g_autofree char *wire = est_reply_format (reply);

      g_assert_cmpstr (wire, ==, cases[i].wire);
    }
}

static void
test_from_line (void)
{
  g_assert_null (est_reply_from_line (NULL));
  g_assert_null (est_reply_from_line (""));
  g_assert_null (est_reply_from_line ("nonsense"));
  g_assert_null (est_reply_from_line ("2500"));

  g_autoptr (EstReply) reply = est_reply_from_line ("450 4.2.0 Greylisted");
  g_assert_cmpint (reply->code, ==, 450);
  g_assert_cmpstr (reply->status, ==, "4.2.0");
  g_assert_cmpstr (reply->text, ==, "Greylisted");
}

static void
test_references (void)
{
  EstReply *first = est_reply_new (250, "2.0.0", "ok");
  g_autoptr (EstReply) second = est_reply_ref (first);

  est_reply_unref (first);
  g_assert_cmpstr (second->text, ==, "ok");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/reply/scan-line", test_scan_line);
  g_test_add_func ("/mail/reply/parse", test_parse);
  g_test_add_func ("/mail/reply/format", test_format);
  g_test_add_func ("/mail/reply/from-line", test_from_line);
  g_test_add_func ("/mail/reply/references", test_references);
  return g_test_run ();
}
