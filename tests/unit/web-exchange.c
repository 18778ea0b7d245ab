/* What the daemon hands to its helper. */
#include "web/exchange.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static GHashTable *
read_text (const char *text, gsize length)
{
  int ends[2];
  g_assert_true (pipe2 (ends, O_CLOEXEC) == 0);
  g_assert_cmpint (write (ends[1], text, length), ==, (gssize) length);
  close (ends[1]);
  GHashTable *input = est_exchange_read (ends[0]);
  close (ends[0]);
  return input;
}

static void
test_lines (void)
{
  static const char text[]
    = "client=a\nscope=b c=d\nempty=\nclient=later\nlast=without a line end";
  g_autoptr (GHashTable) input = read_text (text, strlen (text));
  g_assert_cmpstr (est_exchange_get (input, "client"), ==, "later");
  g_assert_cmpstr (est_exchange_get (input, "scope"), ==, "b c=d");
  g_assert_cmpstr (est_exchange_get (input, "last"), ==, "without a line end");
  g_assert_null (est_exchange_get (input, "empty"));
  g_assert_null (est_exchange_get (input, "other"));
  g_autoptr (GHashTable) nothing = read_text ("", 0);
  g_assert_cmpuint (g_hash_table_size (nothing), ==, 0);
}

static void
test_nonsense (void)
{
  static const char *const texts[] = {"client", "a=b\n\nc=d", "=b", "a=b\nc"};
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (read_text (texts[i], strlen (texts[i])));
  g_autofree char *much = g_strnfill (EST_EXCHANGE_LIMIT, 'a');
  much[1] = '=';
  g_assert_null (read_text (much, EST_EXCHANGE_LIMIT));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/exchange/lines", test_lines);
  g_test_add_func ("/web/exchange/nonsense", test_nonsense);
  return g_test_run ();
}
