/* What counts as an address, and the limits that a hostile one meets. */
#include "mail/address.h"
#include "mail/mail-error.h"

#include <string.h>

#define A16  "aaaaaaaaaaaaaaaa"
#define A64  A16 A16 A16 A16
#define D64  "bbbbbbbbbbbbbbb." A16 A16 "bbbbbbbbbbbbbbb."
#define D190 D64 D64 "bbbbbbbbbbbbbbb." A16 A16 "bbbbbbbbbbbbb"

typedef struct
{
  const char *text;
  const char *mailbox; /* NULL: refused */
  const char *rest;
  EstMailError code;
} Path;

static const Path paths[] = {
  {"<a@b.example>",                    "a@b.example",                 ""},
  {" \t<a@b> SIZE=1",                                  "a@b",                                               " SIZE=1"},
  {"<>",                         "",        ""},
  {"<PostMaster>",        "PostMaster",                            ""},
  {"<postmaster@x>",                     "postmaster@x",                               ""},
  {"<!#$%&'*+-/=?^_`{|}~@b>",                                  "!#$%&'*+-/=?^_`{|}~@b",                                                ""},
  {"<\"a b\"@c>",                                "\"a b\"@c",                               ""},
  {"<\"a@b>\"@c>x","\"a@b>\"@c","x"},
  {"<\"a\\\"b\\\\\"@c>",                      "\"a\\\"b\\\\\"@c",         ""},
  {"<\"\"@c>",                                  "\"\"@c",                                                 ""},
  {"<a@[192.0.2.1]>",                               "a@[192.0.2.1]",                                                                                                       ""},
  {"<a@[IPv6:2001:db8::1]>","a@[IPv6:2001:db8::1]",              ""},
  {"<@one.example,@two:a@b>",                         "a@b",             ""},
  {"<@[192.0.2.1]:a@b>",                                  "a@b",                                               ""},
  {"<a@b-c.d--e>",                                "a@b-c.d--e",""},
  {"<" A64 "@b>",                  A64 "@b",                                ""},
  {"<" A64 "a@b>",          NULL,          NULL, EST_MAIL_ERROR_TOO_LONG},
  {"<a@" D64 D64 D64 D64 "b>",                                  NULL,                                            NULL, EST_MAIL_ERROR_TOO_LONG},
  {"<a@" D190 ">",                                "a@" D190,               ""},
  {"",NULL                                                           },
  {"a@b",                      NULL                         },
  {"<",                                  NULL                                                 },
  {"<a",                              NULL                          },
  {"<a@",         NULL},
  {"<a@b",           NULL                                       },
  {"<a@>",NULL      },
  {"<@b>",                                 NULL                                                                   },
  {"<@b:>",                              NULL                                 },
  {"<@b,a@b>",                                NULL                       },
  {"<@b,@c",                               NULL                          },
  {"< a@b>",                              NULL                                              },
  {"<a@b >",                             NULL                                           },
  {"<a b@c>",                             NULL                                                            },
  {"<a@b@c>",                             NULL                     },
  {"<.a@b>",                            NULL                       },
  {"<a.@b>",                         NULL                  },
  {"<a..b@c>",                           NULL                     },
  {"<a@.b>",                           NULL                      },
  {"<a@b.>",                           NULL                       },
  {"<a@b..c>",                          NULL                      },
  {"<a@-b>",                          NULL                      },
  {"<a@b->",                           NULL                        },
  {"<a@b-.c>",                           NULL                           },
  {"<a@b_c>",                         NULL                       },
  {"<a@[]>",                           NULL                         },
  {"<a@[192.0.2.1>",                           NULL                         },
  {"<a@[x@y]>",                         NULL                        },
  {"<\"a@b>",                           NULL                          },
  {"<\"a\\",                           NULL                         },
  {"<\"a\"b@c>",                         NULL                       },
  {"<\"a\tb\"@c>",                          NULL                          },
  {"<\"a\r\nDATA\"@c>",                           NULL                         },
  {"<a\r\n@c>",                   NULL                 },
  {"<a@b\x7f>",                        NULL                        },
  {"<postmaster",                          NULL                        },
  {"<gr\xc3\xbc\xc3\x9f"
   "e@b>",                           "gr\xc3\xbc\xc3\x9f"
   "e@b",                          ""},
  {"<a@b\xc3\xbc"
   "cher.example> SMTPUTF8",                       "a@b\xc3\xbc"
   "cher.example",                        " SMTPUTF8"},
  {"<\"\xe4\xbd\xa0 \xe5\xa5\xbd\"@b>",                     "\"\xe4\xbd\xa0 \xe5\xa5\xbd\"@b",                     ""},
  {"<a@b\xfc"
   "cher>",                NULL              }, /* Latin-1 */
  {"<a\xc3@b>",                        NULL                              }, /* cut off */
  {"<a\xc0\xae@b>",                        NULL                         }, /* overlong */
  {"<a\xed\xa0\x80@b>",                      NULL                     }, /* surrogate */
  {"<a\xc2\x85@b>",                          NULL                                               }, /* a control */
  {"<a\xe2\x80\xa8"
   "b@c>",                                  NULL                                    }, /* a line separator */
  {"<a\xc2\xa0"
   "b@c>",                       NULL                            }, /* a blank that is none */
  {"<a@\xe2\x80\xae.example>",NULL}, /* no letter of a domain */
};

static void
test_path (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const Path *path = &paths[i];
      g_autoptr (GError) error = NULL;
      const char *cursor = path->text;
      g_autofree char *mailbox = est_address_parse_path (&cursor, &error);

      g_test_message ("case %zu", i);
      g_assert_cmpstr (mailbox, ==, path->mailbox);
      if (path->mailbox == NULL)
        {
          g_assert_error (error, EST_MAIL_ERROR, (int) path->code);
          g_assert_true (cursor == path->text);
          g_assert_true (g_str_is_ascii (error->message));
        }
      else
        {
          g_assert_no_error (error);
          g_assert_cmpstr (cursor, ==, path->rest);
        }
    }
}

/* 256 octets with the brackets are taken, one more is not. */
static void
test_path_limit (void)
{
  for (gsize length = 250; length <= 260; length++)
    {
      g_autofree char *padding = g_strnfill (length - strlen ("<" A64 "@>"), 'b');
      g_autofree char *path = g_strdup_printf ("<" A64 "@%s>", padding);
      g_autofree char *mailbox = g_strndup (path + 1, length - 2);
      g_autoptr (GError) error = NULL;
      const char *cursor = path;
      g_autofree char *parsed = est_address_parse_path (&cursor, &error);

      g_assert_cmpuint (strlen (path), ==, length);
      g_assert_cmpstr (parsed, ==, length <= 256 ? mailbox : NULL);
      g_assert_true (est_address_is_mailbox (mailbox) == (length <= 256));
      if (length > 256)
        g_assert_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_TOO_LONG);
    }
}

static void
test_is_mailbox (void)
{
  static const struct
  {
    const char *text;
    gboolean mailbox;
  } cases[] = {
    {"a@b",           TRUE },
    {"\"a b\"@b",     TRUE },
    {"a@[192.0.2.1]", TRUE },
    {"",              FALSE},
    {"postmaster",    FALSE},
    {"a@b>",          FALSE},
    {"a@b c",         FALSE},
    {"<a@b>",         FALSE},
    {" a@b",          FALSE},
    {"a@b\r\n",       FALSE},
    {"@b:a@b",        FALSE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %zu", i);
      g_assert_cmpint (est_address_is_mailbox (cases[i].text), ==, cases[i].mailbox);
    }
}

static void
test_domain (void)
{
  g_assert_cmpstr (est_address_domain ("a@b.example"), ==, "b.example");
  g_assert_cmpstr (est_address_domain ("\"a@x\"@b"), ==, "b");
  g_assert_null (est_address_domain ("postmaster"));
  g_assert_null (est_address_domain (""));
}

static void
test_equal (void)
{
  g_assert_true (est_address_equal ("Ada@Example.ORG", "ada@example.org"));
  g_assert_false (est_address_equal ("ada@example.org", "ada@example.com"));
  g_assert_false (est_address_equal ("ada@example.org", "ada@example.orgs"));
  g_assert_false (est_address_equal ("ada@example.org", ""));
  g_assert_false (est_address_equal ("", "ada@example.org"));
  g_assert_true (est_address_equal ("Ada@b\xc3\xbc"
                                    "cher.example",
                                    "ada@XN--bcher-kva.example"));
  g_assert_false (est_address_equal ("bda@b\xc3\xbc"
                                     "cher.example",
                                     "ada@xn--bcher-kva.example"));
}

static void
test_tagged (void)
{
  static const struct
  {
    const char *mailbox;
    const char *plain;
    gboolean tagged;
  } cases[] = {
    {"you+shop@example.org",  "you@example.org",           TRUE },
    {"You+a+b@Example.ORG",   "you@example.org",           TRUE },
    {"you+@example.org",      "you@example.org",           TRUE },
    {"you+x@b\xc3\xbc"
     "cher.example",     "you@xn--bcher-kva.example", TRUE },
    {"you@example.org",       "you@example.org",           FALSE},
    {"yo+u@example.org",      "you@example.org",           FALSE},
    {"youth+x@example.org",   "you@example.org",           FALSE},
    {"you+x@example.com",     "you@example.org",           FALSE},
    {"you+x@example.org",     "you+x@example.org",         FALSE},
    {"you+x+y@example.org",   "you+x@example.org",         FALSE},
    {"+x@example.org",        "@example.org",              TRUE },
    {"\"you+x\"@example.org", "\"you@example.org",         FALSE},
    {"you@exam+ple.org",      "you@example.org",           FALSE},
    {"you+x",                 "you",                       FALSE},
    {"",                      "you@example.org",           FALSE},
    {"you+x@example.org",     "",                          FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %zu", i);
      g_assert_cmpint (est_address_is_tagged (cases[i].mailbox, cases[i].plain), ==,
                       cases[i].tagged);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/address/path", test_path);
  g_test_add_func ("/mail/address/path-limit", test_path_limit);
  g_test_add_func ("/mail/address/is-mailbox", test_is_mailbox);
  g_test_add_func ("/mail/address/domain", test_domain);
  g_test_add_func ("/mail/address/equal", test_equal);
  g_test_add_func ("/mail/address/tagged", test_tagged);
  return g_test_run ();
}
