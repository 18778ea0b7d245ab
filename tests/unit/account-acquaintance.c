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
test_strangers (void)
{
  EstAccount known = make_account ("relay.example", 465, EST_SECURITY_TLS);
  EstAccount host = make_account ("other.example", 465, EST_SECURITY_TLS);
  EstAccount port = make_account ("relay.example", 587, EST_SECURITY_TLS);
  EstAccount way = make_account ("relay.example", 465, EST_SECURITY_STARTTLS);
  g_assert_false (est_acquaintance_lacks (&known, EST_EXTENSION_REQUIRETLS));
  est_acquaintance_note (&known, EST_EXTENSION_DSN);
  g_assert_true (est_acquaintance_lacks (&known, EST_EXTENSION_REQUIRETLS));
  g_assert_false (est_acquaintance_lacks (&known, EST_EXTENSION_DSN));
  g_assert_false (est_acquaintance_lacks (&host, EST_EXTENSION_REQUIRETLS));
  g_assert_false (est_acquaintance_lacks (&port, EST_EXTENSION_REQUIRETLS));
  g_assert_false (est_acquaintance_lacks (&way, EST_EXTENSION_REQUIRETLS));
  est_acquaintance_note (&known, EST_EXTENSION_REQUIRETLS);
  g_assert_false (est_acquaintance_lacks (&known, EST_EXTENSION_REQUIRETLS));
}

static void
test_forgotten (void)
{
  const gint64 now = est_clock_now ();
  EstAccount account = make_account ("old.example", 465, EST_SECURITY_TLS);
  est_acquaintance_note (&account, 0);
  est_clock_freeze (now + 23 * G_TIME_SPAN_HOUR);
  g_assert_true (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
  est_clock_freeze (now + 25 * G_TIME_SPAN_HOUR);
  g_assert_false (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
  est_clock_freeze (now - G_TIME_SPAN_HOUR);
  g_assert_false (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
  est_clock_freeze (0);
}

static gpointer
be_busy (gpointer data)
{
  EstAccount account = make_account ("busy.example", 465, EST_SECURITY_TLS);
  for (guint i = 0; i < 2000; i++)
    {
      est_acquaintance_note (&account, 0);
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
  g_test_add_func ("/account/acquaintance/threads", test_threads);
  return g_test_run ();
}
