/* Which connections would be to ourselves. */
#include "base/own-sockets.h"

static GSocketAddress *
at (const char *host, guint port)
{
  GSocketAddress *address = g_inet_socket_address_new_from_string (host, port);
  g_assert_nonnull (address);
  return address;
}

static void
test_answers (void)
{
  static const struct
  {
    const char *target;
    guint port;
    gboolean four, six; /* who listens at 127.0.0.1:25, at [::1]:25 */
  } cases[] = {
    {"127.0.0.1",        25, TRUE,  FALSE},
    {"127.0.0.1",        26, FALSE, FALSE},
    {"127.0.0.2",        25, FALSE, FALSE},
    {"0.0.0.0",          25, TRUE,  FALSE},
    {"::ffff:127.0.0.1", 25, TRUE,  FALSE},
    {"::ffff:0.0.0.0",   25, TRUE,  FALSE},
    {"::1",              25, FALSE, TRUE },
    {"0:0::0:1",         25, FALSE, TRUE },
    {"::",               25, FALSE, TRUE },
    {"::1",              0,  FALSE, FALSE},
    {"192.0.2.1",        25, FALSE, FALSE},
    {"2001:db8::1",      25, FALSE, FALSE},
  };
  g_autoptr (GSocketAddress) four = at ("127.0.0.1", 25), six = at ("::1", 25);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GSocketAddress) target = at (cases[i].target, cases[i].port);
      g_test_message ("case %zu", i);
      g_assert_cmpint (est_own_socket_answers (four, target), ==, cases[i].four);
      g_assert_cmpint (est_own_socket_answers (six, target), ==, cases[i].six);
    }
}

static void
test_list (void)
{
  g_autoptr (GSocketAddress) one = at ("127.0.0.1", 25), two = at ("::1", 25);
  g_autoptr (GSocketAddress) target = at ("127.0.0.1", 25);
  g_assert_false (est_own_sockets_answer (target));
  est_own_sockets_add (one);
  est_own_sockets_add (two);
  g_assert_true (est_own_sockets_answer (target));
  est_own_sockets_remove (one);
  g_assert_false (est_own_sockets_answer (target));
  est_own_sockets_remove (two);
  g_assert_false (est_own_sockets_answer (target));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/own-sockets/answers", test_answers);
  g_test_add_func ("/base/own-sockets/list", test_list);
  return g_test_run ();
}
