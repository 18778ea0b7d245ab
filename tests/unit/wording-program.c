/* Every kind of program has its phrase; what else comes is made harmless. */
#include "wording/program.h"

typedef struct
{
  const char *program;
  const char *phrase;
} Case;

static const Case cases[] = {
  {NULL,                              NULL                                     },
  {"",                                ""                                       },
  {"flatpak:org.mozilla.Thunderbird", "the Flatpak app org.mozilla.Thunderbird"},
  {"snap:thunderbird",                "the snap thunderbird"                   },
  {"container:debian",                "the container debian"                   },
  {"token:git",                       "git (signed in with a token)"           },
  {"app:thunderbird",                 "thunderbird"                            },
  {"program:msmtp",                   "msmtp"                                  },
  {"program:",                        ""                                       },
  {"program:a%sb",                    "a%sb"                                   },
  {"flatpak:%s%n",                    "the Flatpak app %s%n"                   },
  {"program:a\x1b[2J\nb",             "a [2J b"                                },
  {"later:thing",                     "later:thing"                            },
  {"later:\x1b]0;x",                  "later: ]0;x"                            },
  {"flatpak",                         "flatpak"                                },
};

static void
test_kinds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *phrase = est_wording_program (cases[i].program);
      g_assert_cmpstr (phrase, ==, cases[i].phrase);
    }
}

static void
test_long (void)
{
  g_autofree char *name = g_strnfill (500, 'a');
  g_autofree char *program = g_strconcat ("snap:", name, NULL);
  g_autofree char *phrase = est_wording_program (program);
  g_assert_cmpint (g_utf8_strlen (phrase, -1), <, 100);
  g_assert_true (g_str_has_suffix (phrase, "…"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/program/kinds", test_kinds);
  g_test_add_func ("/wording/program/long", test_long);
  return g_test_run ();
}
