/* Whose a mail exchanger may be. */
#include "web/exchanger.h"

static const struct
{
  const char *host, *own;
  const char *found; /* joined by blanks */
} cases[] = {
  {"in1.mail.hoster.example", "you.example", "mail.hoster.example hoster.example"},
  {"mx.hoster.example",       "you.example", "hoster.example"                    },
  {"hoster.example",          "you.example", "hoster.example"                    },
  {"MX.Hoster.Example.",      "you.example", "hoster.example"                    },
  {"mx.hoster.co.uk",         "you.example", "hoster.co.uk"                      },
  {"a.b.c.hoster.co.uk",      "you.example", "b.c.hoster.co.uk hoster.co.uk"     },
  {"mx.you.example",          "you.example", ""                                  },
  {"in.mail.you.example",     "you.example", "mail.you.example"                  },
  {"co.uk",                   "you.example", ""                                  }, /* nobody's */
  {"hoster.co.uk",            "you.example", "hoster.co.uk"                      },
  {"localhost",               "you.example", ""                                  },
  {"192.0.2.1",               "you.example", ""                                  },
  {"a\tb.example",            "you.example", ""                                  },
  {"",                        "you.example", ""                                  },
  {NULL,                      "you.example", ""                                  },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) domains = est_exchanger_domains (cases[i].host, cases[i].own);
      g_autofree char *shown = g_strjoinv (" ", domains);
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (shown, ==, cases[i].found);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/exchanger/cases", test_cases);
  return g_test_run ();
}
