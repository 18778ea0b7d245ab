/* Times as people type them, in a zone with summer time. */
#include "cli/moment.h"

#define NOW G_GINT64_CONSTANT (1795514400) /* 2026-11-24 11:00:00 in Madrid */

typedef struct
{
  const char *text;
  gint64 when; /* -1: no time */
} Case;

static const Case cases[] = {
  {"2026-11-24",       1795474800          },
  {"2026-11-24 11:00", NOW                 },
  {"2026-11-24T11:00", NOW                 },
  {"2026-07-01",       1782856800          }, /* summer time */
  {"11:00",            NOW                 },
  {"00:00",            1795474800          },
  {"45m",              NOW - 45 * 60       },
  {"12h",              NOW - 12 * 3600     },
  {"30d",              NOW - 30 * 24 * 3600},
  {"0m",               NOW                 },
  {"",                 -1                  },
  {"h",                -1                  },
  {"-3h",              -1                  },
  {"3w",               -1                  },
  {"99999999999d",     -1                  },
  {"2026-13-01",       -1                  },
  {"2026-02-30",       -1                  },
  {"24:61",            -1                  },
  {"2026-11-24 9:00",  -1                  },
  {"yesterday",        -1                  },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 when = -1;
      gboolean good = est_moment_parse (cases[i].text, NOW, &when);
      g_test_message ("%s: %" G_GINT64_FORMAT, cases[i].text, when);
      g_assert_cmpint (good, ==, cases[i].when >= 0);
      g_assert_cmpint (when, ==, cases[i].when);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "Europe/Madrid", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/moment/cases", test_cases);
  return g_test_run ();
}
