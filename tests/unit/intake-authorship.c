/* Whose mail a message is, as intake/authorship.h has it. */
#include "intake/authorship.h"

#include "account/settings-parse.h"
#include "intake/intake.h"

#include <string.h>

#define SETTINGS                                                                         \
  "[account home]\naddresses=you@example.org; you@xn--bcher-kva.example\n"               \
  "host=h.example\n"                                                                     \
  "[account work]\naddresses=me@work.example\nhost=w.example\n"                          \
  "[account club]\naddresses=*@club.example\nhost=c.example\nuser=me\n"

#define WITH_DEFAULT SETTINGS "default=yes\n" /* the club */

#define FROM(address) "From: Somebody <" address ">\r\nSubject: x\r\n"

typedef struct
{
  const char *envelope; /* NULL: none */
  const char *header;
  const char *account; /* NULL: refused */
  const char *sender;
} Case;

static const Case cases[] = {
  /* In agreement, or near it. */
  {"you@example.org",       FROM ("you@example.org"),                                    "home", "you@example.org"      },
  {"YOU@Example.ORG",       FROM ("you@example.org"),                                    "home", "YOU@Example.ORG"      },
  {"you+x@example.org",     FROM ("you@example.org"),                                    "home", "you+x@example.org"    },
  {"you@example.org",       FROM ("You+y@example.org"),                                  "home", "you@example.org"      },
  {"you@b\xc3\xbc"
   "cher.example",       FROM ("you@example.org"),                                    "home",
   "you@b\xc3\xbc"
   "cher.example"                                                                                                       },
  {"bounce-1@club.example", FROM ("list@club.example"),                                  "club", "bounce-1@club.example"},

 /* Not in agreement: what is written in the message decides. */
  {"you@example.org",       FROM ("me@work.example"),                                    "work", "me@work.example"      },
  {"me@work.example",       FROM ("you+a@example.org"),                                  "home", "you+a@example.org"    },
  {"me@work.example",
   "from : you@B\xc3\xbc"
   "CHER.example\r\n",                                                                   "home",
   "you@B\xc3\xbc"
   "CHER.example"                                                                                                       },
  {"root@laptop.example",   FROM ("me@work.example"),                                    "work", "me@work.example"      },

 /* Unless nobody there is ours. */
  {"you@example.org",       FROM ("boss@else.example"),                                  "home", "you@example.org"      },
  {"you@example.org",       FROM ("you+x@example.com"),                                  "home", "you@example.org"      },
  {"you@example.org",       "Subject: nobody\r\n",                                       "home", "you@example.org"      },
  {"you@example.org",       "From: nonsense\r\n",                                        "home", "you@example.org"      },
  {"you@example.org",       "",                                                          "home", "you@example.org"      },

 /* A secretary; a list; several authors without one. */
  {"you@example.org",       "Sender: you@example.org\r\n" FROM ("me@work.example"),      "home",
   "you@example.org"                                                                                                    },
  {"you@example.org",       FROM ("me@work.example") "Sender: x@else.example\r\n",       "work",
   "me@work.example"                                                                                                    },
  {"b-1@club.example",      FROM ("you@example.org") "Sender: l@club.example\r\n",       "club",
   "b-1@club.example"                                                                                                   },
  {"you@example.org",       "From: a@else.example, me@work.example\r\n",                 "work",
   "me@work.example"                                                                                                    },
  {"me@work.example",       "From: Us: me@work.example, you@example.org;\r\n",           "work",
   "me@work.example"                                                                                                    },

 /* Sent again: the newest block alone. */
  {"you@example.org",       "Resent-From: me@work.example\r\n" FROM ("you@example.org"), "work",
   "me@work.example"                                                                                                    },
  {"me@work.example",       "Resent-From: x@else.example\r\n" FROM ("you@example.org"),  "work",
   "me@work.example"                                                                                                    },
  {"me@work.example",
   "Resent-From: you@example.org\r\nResent-To: a@b.example\r\n"
   "Resent-From: me@work.example\r\n",                                                   "home", "you@example.org"      },

 /* The null sender stays. */
  {"",                      FROM ("me@work.example"),                                    "work", ""                     },
  {"",                      "Sender: you@example.org\r\n",                               "home", ""                     },

 /* No envelope: handed in as a file. */
  {NULL,                    FROM ("me@work.example"),                                    "work", "me@work.example"      },
  {NULL,                    "From: a@else.example, you@example.org\r\n",                 "home", "you@example.org"      },
};

/* Only a default account takes it; @sender as it would send it. */
static const Case strange[] = {
  {"root@laptop.example", FROM ("x@else.example"), "club", "root@laptop.example"},
  {"",                    FROM ("x@else.example"), "club", ""                   },
  {"",                    "Subject: nobody\r\n",   "club", ""                   },
  {NULL,                  FROM ("x@else.example"), "club", "x@else.example"     },
};

static void
check (const EstSettings *settings, const Case *c)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstAuthorship) authorship = {0};
  est_authorship_settle (&authorship, settings, c->envelope, c->header,
                         strlen (c->header), &error);
  g_test_message ("<%s> %s", c->envelope, c->header);
  g_assert_no_error (error);
  g_assert_cmpstr (authorship.account->name, ==, c->account);
  g_assert_cmpstr (authorship.sender, ==, c->sender);
}

static EstSettings *
read_settings (const char *text)
{
  g_autoptr (GError) error = NULL;
  EstSettings *settings = est_settings_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  return settings;
}

/* A default account changes nothing about whose address is known. */
static void
test_cases (void)
{
  g_autoptr (EstSettings) settings = read_settings (SETTINGS);
  g_autoptr (EstSettings) with_default = read_settings (WITH_DEFAULT);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      check (settings, &cases[i]);
      check (with_default, &cases[i]);
    }
}

static void
test_strange (void)
{
  g_autoptr (EstSettings) settings = read_settings (SETTINGS);
  g_autoptr (EstSettings) with_default = read_settings (WITH_DEFAULT);
  for (gsize i = 0; i < G_N_ELEMENTS (strange); i++)
    {
      const Case *c = &strange[i];
      g_autoptr (GError) error = NULL;
      g_auto (EstAuthorship) authorship = {0};
      check (with_default, c);
      g_assert_false (est_authorship_settle (&authorship, settings, c->envelope,
                                             c->header, strlen (c->header), &error));
      EstIntakeError code = g_strcmp0 (c->envelope, "") == 0
                              ? EST_INTAKE_ERROR_NO_SENDER
                              : EST_INTAKE_ERROR_NO_ACCOUNT;
      g_assert_error (error, EST_INTAKE_ERROR, (int) code);
    }
}

static void
test_nobody_at_all (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstAuthorship) authorship = {0};
  g_autoptr (EstSettings) with_default = read_settings (WITH_DEFAULT);
  g_assert_false (
    est_authorship_settle (&authorship, with_default, NULL, "X: y\r\n", 6, &error));
  g_assert_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_NO_SENDER);
}

/* As many names as fit into a header: those far behind are not looked at. */
static void
test_many (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstAuthorship) authorship = {0};
  g_autoptr (EstSettings) settings = read_settings (SETTINGS);
  g_autoptr (GString) header = g_string_new ("From: ");
  for (guint i = 0; header->len < 1000 * 1000; i++)
    g_string_append_printf (header, "a%u@else.example,\r\n ", i);
  g_string_append (header, "me@work.example\r\n");
  g_assert_true (est_authorship_settle (&authorship, settings, "you@example.org",
                                        header->str, header->len, &error));
  g_assert_cmpstr (authorship.account->name, ==, "home");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/intake/authorship/cases", test_cases);
  g_test_add_func ("/intake/authorship/strange", test_strange);
  g_test_add_func ("/intake/authorship/nobody-at-all", test_nobody_at_all);
  g_test_add_func ("/intake/authorship/many", test_many);
  return g_test_run ();
}
