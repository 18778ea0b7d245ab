/* Who gets a message without an envelope. */
#include "mail/recipients.h"

#include <string.h>
#include <time.h>

#define REFUSED "no"

static char *
read_all (const char *header, gsize length)
{
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func (g_free);
  if (!est_recipients_read (header, length, recipients))
    return g_strdup (REFUSED);
  g_ptr_array_add (recipients, NULL);
  return g_strjoinv (" ", (char **) recipients->pdata);
}

static void
test_read (void)
{
  static const struct
  {
    const char *header;
    const char *recipients;
  } cases[] = {
  /* Fields and lists. */
    {"",                                                                   ""                   },
    {"From: a@b\r\nSubject: To: c@d\r\n",                                  ""                   },
    {"To: a@b\r\nCc: c@d\r\nBcc: e@f\r\n",                                 "a@b c@d e@f"        },
    {"to : a@b\r\nTO: c@d\r\n",                                            "a@b c@d"            },
    {"To: a@b,c@d , \r\n e@f\r\n",                                         "a@b c@d e@f"        },
    {"To: a@b, a@b\r\nCc: a@b\r\n",                                        "a@b"                },
    {"To: ,, a@b,\r\n",                                                    "a@b"                },
    {"To:\r\nCc: \r\nBcc: c@d\r\n",                                        "c@d"                },
    {"To: a@b",                                                            "a@b"                },
 /* Names and comments. */
    {"To: Ada <a@b>, \"Bob, Sr: x;\" <c@d>\r\n",                           "a@b c@d"            },
    {"To: \"quoted \\\" <x@y>, \" <a@b>\r\n",                              "a@b"                },
    {"To: a@b (Ada, (of x@y)), c@d\r\n",                                   "a@b c@d"            },
    {"To: =?utf-8?q?J=C3=B6rg?= <a@b>\r\n",                                "a@b"                },
    {"To: J\xc3\xb6rg <a@b>\r\n",                                          "a@b"                },
    {"To: \"a,b\"@c, <\"d;e\"@f>\r\n",                                     "\"a,b\"@c \"d;e\"@f"},
    {"To: a@[192.0.2.1], <b@[IPv6:2001:db8::1]>\r\n",
     "a@[192.0.2.1] b@[IPv6:2001:db8::1]"                                                       },
 /* Groups. */
    {"To: undisclosed-recipients:;\r\n",                                   ""                   },
    {"To: Team: a@b, Bob <c@d>;, e@f\r\n",                                 "a@b c@d e@f"        },
    {"To: \"Team: one\": a@b;\r\nCc: Two:c@d;e@f\r\n",                     "a@b c@d e@f"        },
 /* No addresses. */
    {"To: Ada\r\n",                                                        REFUSED              },
    {"To: a@b, Ada\r\n",                                                   REFUSED              },
    {"To: a@b c@d\r\n",                                                    REFUSED              },
    {"To: a@b <c@d> e@f\r\n",                                              REFUSED              },
    {"To: <>\r\n",                                                         REFUSED              },
    {"To: j\xc3\xb6rg@b\r\n",                                              "j\xc3\xb6rg@b"      },
    {"To: j\xf6rg@b\r\n",                                                  REFUSED              },
    {"To: \"never closed, a@b\r\n",                                        REFUSED              },
    {"To: (never closed, a@b\r\n",                                         REFUSED              },
 /* Sent again. */
    {"Resent-To: x@y\r\nTo: a@b\r\nCc: c@d\r\n",                           "x@y"                },
    {"Received: z\r\nResent-From: m@n\r\nResent-Cc: x@y\r\nTo: a@b\r\n",   "x@y"                },
    {"Resent-From: m@n\r\nTo: a@b\r\n",                                    ""                   },
    {"Resent-To: x@y\r\nResent-Bcc: v@w\r\nResent-To: p@q\r\nTo: a@b\r\n", "x@y v@w"            },
    {"Resent-To: x@y\r\nReceived: z\r\nResent-Cc: p@q\r\nTo: a@b\r\n",     "x@y"                },
    {"resent-from: m@n\r\nRESENT-TO: x@y\r\nResent-From: o@p\r\n",         "x@y"                },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = read_all (cases[i].header, strlen (cases[i].header));
      g_test_message ("case %zu: %s", i, cases[i].header);
      g_assert_cmpstr (found, ==, cases[i].recipients);
    }
}

/* Seconds of the processor that a header of @size octets of @unit takes. */
static double
measure (const char *unit, gsize size)
{
  g_autoptr (GString) header = g_string_new ("To: ");
  while (header->len < size)
    g_string_append (header, unit);
  clock_t begin = clock ();
  g_free (read_all (header->str, header->len));
  return (double) (clock () - begin) / CLOCKS_PER_SEC;
}

/* A header as large as is taken at all: no stack runs out, and four times as much takes
   four times as long, not sixteen times; a moment is given for what a clock cannot tell.
 */
static void
test_hostile (void)
{
  static const char *const units[] = {"a:", "a,", "(",    "\"",        "<@a:",   "a:b,;,",
                                      ",",  "\\", "a@b,", "To: a\r\n", "\r\n a,"};

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      double quarter = measure (units[i], 256 * 1024);
      double whole = measure (units[i], 1024 * 1024);
      g_test_message ("\"%s\": %.3f s, %.3f s", units[i], quarter, whole);
      g_assert_cmpfloat (whole, <, 8 * quarter + 0.5);
    }
}

/* All who say to have written it: nobody knows whom a reader will be shown. */
static void
test_authors (void)
{
  static const struct
  {
    const char *header;
    const char *authors;
  } cases[] = {
    {"To: a@b\r\n",                                     ""           },
    {"From: Ada <a@b>\r\n",                             "a@b"        },
    {"From: a@b, Bob <c@d>\r\nFrom : e@f\r\n",          "a@b c@d e@f"},
    {"From: a@b\r\nX: y\r\nsender: c@d\r\nTo: e@f\r\n", "a@b c@d"    },
    {"Resent-From: c@d\r\nFrom: a@b\r\n",               "a@b"        },
    {"From: Team: a@b, c@d;\r\n",                       "a@b c@d"    },
    {"From: somebody\r\n",                              REFUSED      },
    {"From: \"a@b\r\n",                                 REFUSED      },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) authors = g_ptr_array_new_with_free_func (g_free);
      gboolean good
        = est_authors_read (cases[i].header, strlen (cases[i].header), authors);
      g_ptr_array_add (authors, NULL);
      g_autofree char *all
        = good ? g_strjoinv (" ", (char **) authors->pdata) : g_strdup (REFUSED);
      g_assert_cmpstr (all, ==, cases[i].authors);
    }
}

/* Who sends it comes before who wrote it. */
static void
test_originators (void)
{
  static const struct
  {
    const char *header;
    const char *originators;
  } cases[] = {
    {"To: a@b\r\n",                                                ""           },
    {"From: a@b\r\nSender: c@d\r\n",                               "c@d a@b"    },
    {"From: a@b, c@d\r\nSender: c@d\r\n",                          "c@d a@b c@d"},
    {"Resent-From: e@f\r\nFrom: a@b\r\n",                          "e@f"        },
    {"Resent-From: e@f\r\nResent-Sender: g@h\r\nFrom: a@b\r\n",    "g@h e@f"    },
    {"Resent-From: e@f\r\nResent-To: x@y\r\nResent-From: g@h\r\n", "e@f"        },
    {"Resent-To: x@y\r\nFrom: a@b\r\n",                            ""           },
    {"From: somebody\r\n",                                         REFUSED      },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
      gboolean good
        = est_originators_read (cases[i].header, strlen (cases[i].header), found);
      g_ptr_array_add (found, NULL);
      g_autofree char *all
        = good ? g_strjoinv (" ", (char **) found->pdata) : g_strdup (REFUSED);
      g_assert_cmpstr (all, ==, cases[i].originators);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/recipients/read", test_read);
  g_test_add_func ("/mail/recipients/hostile", test_hostile);
  g_test_add_func ("/mail/recipients/authors", test_authors);
  g_test_add_func ("/mail/recipients/originators", test_originators);
  return g_test_run ();
}
