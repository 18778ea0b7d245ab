/* How long relays keep mail: a stranger is asked, one that was heard is believed for a
   day, and only accounts that want it ask at all. */
#include "account/hold.h"
#include "base/clock.h"

static EstAccount
make_account (const char *host, gboolean future_release)
{
  return (EstAccount){
    .host = (char *) host, .port = 465, .future_release = future_release};
}

static void
test_reach (void)
{
  const gint64 now = est_clock_now ();
  EstAccount account = make_account ("a.example", TRUE),
             other = make_account ("b.example", TRUE);
  EstAccount unwilling = make_account ("a.example", FALSE);
  const EstCapabilities offer
    = {.hold_longest = 3600, .hold_latest = now + G_TIME_SPAN_HOUR};
  const EstCapabilities none = {0};
  est_clock_freeze (now);
  g_assert_cmpint (est_hold_reach (&account).longest, ==, G_MAXINT64);
  g_assert_cmpint (est_hold_reach (&unwilling).longest, ==, 0);
  est_hold_note (&account, &offer);
  g_assert_cmpint (est_hold_reach (&account).longest, ==, G_TIME_SPAN_HOUR);
  g_assert_cmpint (est_hold_reach (&account).latest, ==, now + G_TIME_SPAN_HOUR);
  g_assert_cmpint (est_hold_reach (&account).renewed, ==, now + G_TIME_SPAN_DAY);
  g_assert_cmpint (est_hold_reach (&unwilling).longest, ==, 0);
  g_assert_cmpint (est_hold_reach (&other).longest, ==, G_MAXINT64);
  est_hold_note (&account, &none);
  g_assert_cmpint (est_hold_reach (&account).longest, ==, 0);
  est_clock_freeze (now + 25 * G_TIME_SPAN_HOUR);
  g_assert_cmpint (est_hold_reach (&account).longest, ==, G_MAXINT64);
  est_clock_freeze (now - G_TIME_SPAN_HOUR);
  g_assert_cmpint (est_hold_reach (&account).longest, ==, G_MAXINT64);
  est_clock_freeze (0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/hold/reach", test_reach);
  return g_test_run ();
}
