/* What is known about relays: only what was heard, of the same way to them, and not for
   ever. */
#include "account/acquaintance.h"
#include "base/clock.h"

static EstAccount
make_account (const char *host, guint16 port, EstSecurity security)
{
  return (EstAccount){.host = (char *) host, .port = port, .security = security};
}

static void
hear (const EstAccount *account, EstExtensions offered)
{
  est_acquaintance_note (account, &(EstCapabilities){.parameters = offered}, TRUE);
}

static void
test_strangers (void)
{
  EstAccount known = make_account ("relay.example", 465, EST_SECURITY_TLS);
  EstAccount host = make_account ("other.example", 465, EST_SECURITY_TLS);
  EstAccount port = make_account ("relay.example", 587, EST_SECURITY_TLS);
  EstAccount way = make_account ("relay.example", 465, EST_SECURITY_STARTTLS);
  g_assert_false (est_acquaintance_lacks (&known, EST_EXTENSION_REQUIRETLS));
  hear (&known, EST_EXTENSION_DSN);
  g_assert_true (est_acquaintance_lacks (&known, EST_EXTENSION_REQUIRETLS));
  g_assert_false (est_acquaintance_lacks (&known, EST_EXTENSION_DSN));
  g_assert_false (est_acquaintance_lacks (&host, EST_EXTENSION_REQUIRETLS));
  g_assert_false (est_acquaintance_lacks (&port, EST_EXTENSION_REQUIRETLS));
  g_assert_false (est_acquaintance_lacks (&way, EST_EXTENSION_REQUIRETLS));
  hear (&known, EST_EXTENSION_REQUIRETLS);
  g_assert_false (est_acquaintance_lacks (&known, EST_EXTENSION_REQUIRETLS));
}

static void
test_forgotten (void)
{
  const gint64 now = est_clock_now ();
  EstAccount account = make_account ("old.example", 465, EST_SECURITY_TLS);
  hear (&account, 0);
  est_clock_freeze (now + 23 * G_TIME_SPAN_HOUR);
  g_assert_true (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
  est_clock_freeze (now + 25 * G_TIME_SPAN_HOUR);
  g_assert_false (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
  est_clock_freeze (now - G_TIME_SPAN_HOUR);
  g_assert_false (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
  est_clock_freeze (0);
}

/* What is promised in the clear about encryption is no promise. */
static void
test_in_the_clear (void)
{
  EstAccount account = make_account ("clear.example", 25, EST_SECURITY_NONE);
  const EstCapabilities offered
    = {.parameters = EST_EXTENSION_REQUIRETLS | EST_EXTENSION_DSN};
  est_acquaintance_note (&account, &offered, FALSE);
  g_assert_true (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
  g_assert_false (est_acquaintance_lacks (&account, EST_EXTENSION_DSN));
  est_acquaintance_note (&account, &offered, TRUE);
  g_assert_false (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
}

static void
assert_longest (const EstAccount *account, gint64 longest)
{
  g_assert_cmpint (est_acquaintance_reach (account).longest, ==, longest);
}

/* How long it keeps mail: only accounts that want it ask at all. */
static void
test_reach (void)
{
  const gint64 now = est_clock_now ();
  EstAccount account = make_account ("keeps.example", 465, EST_SECURITY_TLS);
  EstAccount other = make_account ("else.example", 465, EST_SECURITY_TLS);
  const EstAccount unwilling = account;
  account.future_release = other.future_release = TRUE;
  const EstCapabilities offer
    = {.hold_longest = 3600, .hold_latest = now + G_TIME_SPAN_HOUR};
  est_clock_freeze (now);
  assert_longest (&account, G_MAXINT64);
  assert_longest (&unwilling, 0);
  est_acquaintance_note (&account, &offer, TRUE);
  assert_longest (&account, G_TIME_SPAN_HOUR);
  EstReach reach = est_acquaintance_reach (&account);
  g_assert_cmpint (reach.latest, ==, now + G_TIME_SPAN_HOUR);
  g_assert_cmpint (reach.renewed, ==, now + G_TIME_SPAN_DAY);
  assert_longest (&unwilling, 0);
  assert_longest (&other, G_MAXINT64);
  hear (&account, 0);
  assert_longest (&account, 0);
  est_clock_freeze (now + 25 * G_TIME_SPAN_HOUR);
  assert_longest (&account, G_MAXINT64);
  est_clock_freeze (now - G_TIME_SPAN_HOUR);
  assert_longest (&account, G_MAXINT64);
  est_clock_freeze (0);
}

/* Each step makes less lively; what it offers anew does not change that. */
static void
test_manners (void)
{
  EstAccount account = make_account ("manners.example", 465, EST_SECURITY_TLS);
  g_autofree char *name = est_acquaintance_name (&account);
  g_assert_cmpint (est_acquaintance_manners (name), ==, EST_MANNERS_FLIGHTS);
  est_acquaintance_note_out_of_step (name);
  g_assert_cmpint (est_acquaintance_manners (name), ==, EST_MANNERS_STEPS);
  hear (&account, EST_EXTENSION_DSN);
  est_acquaintance_note_flight (name, FALSE);
  g_assert_cmpint (est_acquaintance_manners (name), ==, EST_MANNERS_STEPS);
  est_acquaintance_note_out_of_step (name);
  est_acquaintance_note_out_of_step (name);
  g_assert_cmpint (est_acquaintance_manners (name), ==, EST_MANNERS_DATA);
}

/* "b" a broken flight, "w" a whole one. */
static void
test_flights (void)
{
  static const struct
  {
    const char *flights;
    EstManners manners;
  } cases[] = {
    {"",      EST_MANNERS_FLIGHTS},
    {"w",     EST_MANNERS_FLIGHTS},
    {"b",     EST_MANNERS_CAREFUL},
    {"bw",    EST_MANNERS_FLIGHTS},
    {"bwb",   EST_MANNERS_CAREFUL},
    {"bwbw",  EST_MANNERS_CAREFUL},
    {"bb",    EST_MANNERS_STEPS  },
    {"bbw",   EST_MANNERS_STEPS  },
    {"bwbwb", EST_MANNERS_CAREFUL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      EstAccount account
        = make_account ("flights.example", (guint16) (i + 1), EST_SECURITY_TLS);
      g_autofree char *name = est_acquaintance_name (&account);
      for (const char *flight = cases[i].flights; *flight != '\0'; flight++)
        est_acquaintance_note_flight (name, *flight == 'b');
      g_test_message ("%s", cases[i].flights);
      g_assert_cmpint (est_acquaintance_manners (name), ==, cases[i].manners);
    }
}

static void
test_lessons_forgotten (void)
{
  const gint64 now = est_clock_now ();
  EstAccount account = make_account ("lessons.example", 465, EST_SECURITY_TLS);
  g_autofree char *name = est_acquaintance_name (&account);
  est_acquaintance_note_out_of_step (name);
  est_acquaintance_note_most_recipients (name, 7);
  est_clock_freeze (now + 23 * G_TIME_SPAN_HOUR);
  hear (&account, 0);
  g_assert_cmpint (est_acquaintance_manners (name), ==, EST_MANNERS_STEPS);
  g_assert_cmpuint (est_acquaintance_most_recipients (name), ==, 7);
  est_clock_freeze (now + 25 * G_TIME_SPAN_HOUR);
  g_assert_cmpint (est_acquaintance_manners (name), ==, EST_MANNERS_FLIGHTS);
  g_assert_cmpuint (est_acquaintance_most_recipients (name), ==, 0);
  g_assert_true (est_acquaintance_lacks (&account, EST_EXTENSION_DSN));
  est_clock_freeze (0);
}

static gpointer
be_busy (gpointer data)
{
  EstAccount account = make_account ("busy.example", 465, EST_SECURITY_TLS);
  for (guint i = 0; i < 2000; i++)
    {
      hear (&account, 0);
      g_assert_true (est_acquaintance_lacks (&account, EST_EXTENSION_DSN));
    }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("busy", be_busy, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/acquaintance/strangers", test_strangers);
  g_test_add_func ("/account/acquaintance/forgotten", test_forgotten);
  g_test_add_func ("/account/acquaintance/in-the-clear", test_in_the_clear);
  g_test_add_func ("/account/acquaintance/reach", test_reach);
  g_test_add_func ("/account/acquaintance/manners", test_manners);
  g_test_add_func ("/account/acquaintance/flights", test_flights);
  g_test_add_func ("/account/acquaintance/lessons-forgotten", test_lessons_forgotten);
  g_test_add_func ("/account/acquaintance/threads", test_threads);
  return g_test_run ();
}
