/* When next, when to give up, and which event ends which pause. */
#include "dispatcher/patience.h"
#include "dispatcher/stint.h"
#include "dispatcher/wakeup.h"

typedef struct
{
  guint tries, first, longest;
  double dice;
  double seconds;
} DelayCase;

static const DelayCase delay_cases[] = {
  {0,       60, 3600, 0.5,   60   },
  {1,       60, 3600, 0.5,   120  },
  {3,       60, 3600, 0.5,   480  },
  {6,       60, 3600, 0.5,   3600 },
  {1000000, 60, 3600, 0.5,   3600 },
  {0,       60, 3600, 0.0,   45   },
  {0,       60, 3600, 0.999, 74.97},
  {40,      1,  2,    0.0,   1.5  },
};

static void
test_delay (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (delay_cases); i++)
    {
      const DelayCase *c = &delay_cases[i];
      gint64 delay = est_patience_delay (c->tries, c->first, c->longest, c->dice);
      g_assert_cmpfloat_with_epsilon ((double) delay / G_USEC_PER_SEC, c->seconds, 0.001);
    }
}

typedef struct
{
  gint64 first_answer, lane_time;
  guint limit; /* seconds */
  gint64 put_off;
  gboolean over;
} PutOffCase;

static const PutOffCase put_off_cases[] = {
  {0, G_MAXINT64 / 2,     1, 0,              FALSE}, /* no answer yet: never */
  {1, 1 + G_USEC_PER_SEC, 1, G_USEC_PER_SEC, TRUE },
  {1, G_USEC_PER_SEC,     1, 999999,         FALSE},
  {9, 5,                  1, 0,              FALSE}, /* the clock was kept before that */
  {9, 9,                  0, 0,              FALSE}, /* it has only just begun */
};

static void
test_put_off (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (put_off_cases); i++)
    {
      const PutOffCase *c = &put_off_cases[i];
      gint64 put_off = est_patience_put_off (c->first_answer, c->lane_time);
      g_assert_cmpint (put_off, ==, c->put_off);
      g_assert_cmpint (est_patience_is_over (put_off, c->limit), ==, c->over);
    }
}

static void
test_old (void)
{
  const gint64 now = 1000 * G_TIME_SPAN_DAY;
  g_assert_cmpint (est_patience_old (now), ==, 986 * G_TIME_SPAN_DAY);
}

/* What an account's clock shows, step by step. */
typedef struct
{
  gint64 now;
  int set; /* -1: left alone; else whether it runs from now on */
  gint64 shows;
} StintStep;

static const StintStep stint_steps[] = {
  {100, -1, 1  }, /* never 0 */
  {100, 1,  1  },
  {150, -1, 51 },
  {160, 0,  61 }, /* paused */
  {900, -1, 61 },
  {900, 0,  61 },
  {900, 1,  61 },
  {910, 1,  71 }, /* told twice */
  {950, -1, 111},
  {940, -1, 101}, /* a clock that goes back takes nothing that was counted
  */
  {10,  -1, 71 },
};

static void
test_stint (void)
{
  EstStint stint = est_stint_begin (0);
  for (gsize i = 0; i < G_N_ELEMENTS (stint_steps); i++)
    {
      const StintStep *step = &stint_steps[i];
      if (step->set >= 0)
        est_stint_set (&stint, step->set, step->now);
      g_assert_cmpint (est_stint_time (&stint, step->now), ==, step->shows);
    }
  g_assert_cmpint (est_stint_begin (42).counted, ==, 42);
}

static void
test_bound (void)
{
  const gint64 hour = 3600 * (gint64) G_USEC_PER_SEC, now = 100 * hour;
  g_assert_cmpint (est_patience_bound (now + hour, now, 3600), ==, now + hour);
  g_assert_cmpint (est_patience_bound (now - hour, now, 3600), ==, now - hour);
  g_assert_cmpint (est_patience_bound (now + 24 * hour, now, 3600), ==,
                   now + hour * 5 / 4);
  g_assert_cmpint (est_patience_bound (G_MAXINT64, now, 3600), ==, G_MAXINT64);
}

typedef struct
{
  EstWakeup wakeup;
  EstReason reason;
  gboolean helps;
} WakeupCase;

static const WakeupCase wakeup_cases[] = {
  {EST_WAKEUP_NETWORK,  EST_REASON_OFFLINE,             TRUE },
  {EST_WAKEUP_NETWORK,  EST_REASON_UNREACHABLE,         TRUE },
  {EST_WAKEUP_NETWORK,  EST_REASON_UNTRUSTED,           TRUE },
  {EST_WAKEUP_NETWORK,  EST_REASON_CERTIFICATE_NAME,    TRUE },
  {EST_WAKEUP_NETWORK,  EST_REASON_CERTIFICATE_ISSUER,  TRUE },
  {EST_WAKEUP_NETWORK,  EST_REASON_CERTIFICATE_EXPIRED, TRUE },
  {EST_WAKEUP_NETWORK,  EST_REASON_PIN,                 TRUE },
  {EST_WAKEUP_NETWORK,  EST_REASON_WEAKER,              TRUE },
  {EST_WAKEUP_NETWORK,  EST_REASON_UNCONFIRMED,         FALSE},
  {EST_WAKEUP_NETWORK,  EST_REASON_SIGN_IN,             FALSE},
  {EST_WAKEUP_NETWORK,  EST_REASON_SECRET_LOCKED,       FALSE},
  {EST_WAKEUP_KEYRING,  EST_REASON_SECRET_LOCKED,       TRUE },
  {EST_WAKEUP_KEYRING,  EST_REASON_SECRET_MISSING,      TRUE },
  {EST_WAKEUP_KEYRING,  EST_REASON_NO_KEYRING,          TRUE },
  {EST_WAKEUP_KEYRING,  EST_REASON_SIGN_IN,             TRUE },
  {EST_WAKEUP_KEYRING,  EST_REASON_UNREACHABLE,         FALSE},
  {EST_WAKEUP_SETTINGS, EST_REASON_NO_MECHANISM,        TRUE },
  {EST_WAKEUP_PERSON,   EST_REASON_SIGN_IN,             TRUE },
};

static void
test_wakeups (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wakeup_cases); i++)
    {
      const WakeupCase *c = &wakeup_cases[i];
      g_assert_cmpint (est_wakeup_helps (c->wakeup, c->reason), ==, c->helps);
    }
}

/* No pause without an end: each reason that pauses passes with time or is helped by an
   event beyond the person's own word, which helps all but a budget. */
static void
test_every_pause_ends (void)
{
  for (EstReason reason = 0; reason < EST_N_REASONS; reason++)
    {
      if (!est_reason_pauses (reason))
        continue;
      g_assert_cmpint (est_wakeup_helps (EST_WAKEUP_PERSON, reason), ==,
                       reason != EST_REASON_BUDGET);
      g_assert_true (est_reason_passes (reason)
                     || est_wakeup_helps (EST_WAKEUP_KEYRING, reason)
                     || est_wakeup_helps (EST_WAKEUP_SETTINGS, reason));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatcher/patience/delay", test_delay);
  g_test_add_func ("/dispatcher/patience/put-off", test_put_off);
  g_test_add_func ("/dispatcher/patience/old", test_old);
  g_test_add_func ("/dispatcher/stint/steps", test_stint);
  g_test_add_func ("/dispatcher/patience/bound", test_bound);
  g_test_add_func ("/dispatcher/wakeup/table", test_wakeups);
  g_test_add_func ("/dispatcher/wakeup/every-pause-ends", test_every_pause_ends);
  return g_test_run ();
}
