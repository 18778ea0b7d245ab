/* When mail can be handed over ahead of its time. */
#include "mail/reach.h"

#define HOUR G_TIME_SPAN_HOUR
#define NOW  (1000 * HOUR)
#define EVER G_MAXINT64

static const struct
{
  EstReach reach;
  gint64 wanted;
  gboolean covers;
  gint64 due;
} cases[] = {
  {{0, 0, 0},                                     NOW + HOUR,       FALSE, NOW + HOUR     }, /* does not keep it */
  {{EVER, EVER, 0},                               NOW + 999 * HOUR, TRUE,  0              }, /* a stranger */
  {{24 * HOUR, NOW + 24 * HOUR, NOW + 20 * HOUR}, NOW + 24 * HOUR,  TRUE,  0              },
  {{24 * HOUR, NOW + 24 * HOUR, NOW + 20 * HOUR},
   NOW + 25 * HOUR,
   FALSE,                                                                  NOW + 20 * HOUR},
  {{24 * HOUR, NOW + 24 * HOUR, NOW + 20 * HOUR},
   NOW + 50 * HOUR,
   FALSE,                                                                  NOW + 26 * HOUR},
  {{24 * HOUR, EVER, NOW + 20 * HOUR},            NOW + 25 * HOUR,  FALSE, NOW + HOUR     },
  {{24 * HOUR, NOW + 2 * HOUR, NOW + 20 * HOUR},  NOW + 3 * HOUR,   FALSE, NOW + 3 * HOUR },
  {{24 * HOUR, NOW + 24 * HOUR, 0},               NOW - HOUR,       TRUE,  0              }, /* its time has come */
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const EstReach *reach = &cases[i].reach;
      g_test_message ("case %zu", i);
      g_assert_cmpint (est_reach_covers (reach, cases[i].wanted, NOW), ==,
                       cases[i].covers);
      g_assert_cmpint (est_reach_due (reach, cases[i].wanted, NOW), ==, cases[i].due);
    }
}

/* What is due is covered: nobody is called again and again for nothing. */
static void
test_agree (void)
{
  const EstReach reach = {24 * HOUR, NOW + 24 * HOUR, NOW + 20 * HOUR};
  for (gint64 now = NOW; now < NOW + 20 * HOUR; now += HOUR / 4)
    for (gint64 wanted = now + 1; wanted < now + 60 * HOUR; wanted += HOUR)
      if (est_reach_due (&reach, wanted, now) <= now)
        g_assert_true (est_reach_covers (&reach, wanted, now));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/reach/cases", test_cases);
  g_test_add_func ("/mail/reach/agree", test_agree);
  return g_test_run ();
}
