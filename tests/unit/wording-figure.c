/* Times and spans with their plurals, and the words for states. */
#include "wording/figure.h"
#include "wording/state.h"

#define DAY  86400
#define NOON 1795435200 /* Monday 2026-11-23 12:00 UTC */

typedef struct
{
  gint64 seconds;
  const char *words;
} Span;

static const Span spans[] = {
  {-5,         "1 second"       },
  {0,          "1 second"       },
  {1,          "1 second"       },
  {2,          "2 seconds"      },
  {59,         "59 seconds"     },
  {60,         "1 minute"       },
  {89,         "1 minute"       },
  {90,         "2 minutes"      },
  {3569,       "59 minutes"     },
  {3570,       "1 hour"         },
  {7200,       "2 hours"        },
  {47 * 3600,  "47 hours"       },
  {48 * 3600,  "2 days"         },
  {5 * DAY,    "5 days"         },
  {G_MAXINT64, "4294967295 days"},
};

static void
test_spans (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      g_autofree char *words = est_wording_span (spans[i].seconds);
      g_assert_cmpstr (words, ==, spans[i].words);
    }
}

typedef struct
{
  gint64 when;
  const char *words;
} When;

static const When whens[] = {
  {NOON,                        "12:00"              },
  {NOON - 12 * 3600,            "00:00"              },
  {NOON - 12 * 3600 - 60,       "yesterday 23:59"    },
  {NOON - DAY - 12 * 3600 - 60, "2026-11-21 23:59"   },
  {NOON + 11 * 3600 + 59 * 60,  "23:59"              },
  {NOON + 12 * 3600,            "tomorrow 00:00"     },
  {NOON + 2 * DAY,              "2026-11-25 12:00"   },
  {0,                           "1970-01-01 00:00"   },
  {G_MAXINT64,                  "9223372036854775807"},
};

static void
test_whens (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (whens); i++)
    {
      g_autofree char *words = est_wording_when (whens[i].when, NOON);
      g_assert_cmpstr (words, ==, whens[i].words);
    }
}

static void
test_stamp (void)
{
  g_autofree char *stamp = est_wording_stamp (NOON + 7);
  g_assert_cmpstr (stamp, ==, "2026-11-23 12:00:07 +0000");
}

static void
test_states (void)
{
  static const char *const nicks[]
    = {"waiting", "sending",   "sent",    "failed",  "uncertain",
       "held",    "discarded", "pending", "doubtful"};
  for (gsize i = 0; i < G_N_ELEMENTS (nicks); i++)
    g_assert_cmpuint (g_utf8_strlen (est_wording_state (nicks[i]), -1), >, 3);
  g_assert_cmpstr (est_wording_state ("held"), ==, "on hold");
  g_assert_cmpstr (est_wording_state ("of-tomorrow"), ==, "of-tomorrow");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/figure/span", test_spans);
  g_test_add_func ("/wording/figure/when", test_whens);
  g_test_add_func ("/wording/figure/stamp", test_stamp);
  g_test_add_func ("/wording/state/words", test_states);
  return g_test_run ();
}
