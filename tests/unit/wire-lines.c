/* Lines, limits and the output buffer, over a socket pair. */
#include "wire/wire.h"

#include <string.h>
#include <sys/socket.h>

typedef struct
{
  EstWire *near, *far;
  GSocket *far_socket;
} Pair;

static void
set_up (Pair *pair, gconstpointer data)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_autoptr (GSocket) near = g_socket_new_from_fd (fds[0], NULL);
  pair->far_socket = g_socket_new_from_fd (fds[1], NULL);
  pair->near = est_wire_new (near, NULL);
  pair->far = est_wire_new (pair->far_socket, NULL);
  est_wire_set_deadline (pair->near, 5000);
  est_wire_set_deadline (pair->far, 5000);
}

static void
tear_down (Pair *pair, gconstpointer data)
{
  est_wire_free (pair->near);
  est_wire_free (pair->far);
  g_object_unref (pair->far_socket);
}

static void
say (Pair *pair, const char *text, gsize length)
{
  g_assert_true (est_wire_write (pair->far, text, length, NULL));
  g_assert_true (est_wire_flush (pair->far, NULL));
}

/* More than the kernel keeps for two; the same for one, and about what is taken in. */
#define MUCH (8 * 1024 * 1024)
#define SOME (300 * 1024)

static gpointer
speak_before_reading (gpointer data)
{
  EstWire *far = data;
  g_autofree char *words = g_strnfill (SOME, 'w');
  gboolean said = est_wire_write (far, words, SOME, NULL) && est_wire_flush (far, NULL);
  for (gsize length, all = 0; said && all < MUCH; all += length)
    {
      if (est_wire_peek (far, &length, NULL) == NULL)
        return NULL;
      est_wire_consume (far, length);
    }
  return GINT_TO_POINTER (said);
}

/* One that speaks at length before it listens, and one that says much before it reads:
   they wait for each other, unless one of them takes in what comes. All of it is there
   afterwards. */
static void
test_taking_in (Pair *pair, gconstpointer data)
{
  g_autofree char *much = g_strnfill (MUCH, 'm');
  est_wire_take_in_while_sending (pair->near);
  GThread *thread = g_thread_new ("far", speak_before_reading, pair->far);
  g_assert_true (est_wire_write (pair->near, much, MUCH, NULL));
  g_assert_true (est_wire_flush (pair->near, NULL));
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
  g_assert_true (est_wire_is_readable (pair->near));
  for (gsize length, all = 0; all < SOME; all += length)
    {
      const char *words = est_wire_peek (pair->near, &length, NULL);
      g_assert_nonnull (words);
      g_assert_true (words[0] == 'w' && words[length - 1] == 'w');
      est_wire_consume (pair->near, length);
    }
  g_assert_false (est_wire_is_readable (pair->near));
}

/* What has arrived is there, behind what was there before; the rest is not waited for,
   and the end comes when all before it was read. */
static void
test_take_in (Pair *pair, gconstpointer data)
{
  gsize length;
  g_assert_true (est_wire_take_in (pair->near));
  g_assert_false (est_wire_has_input (pair->near));
  say (pair, "one\r\ntw", 7);
  g_assert_true (est_wire_take_in (pair->near));
  est_wire_consume (pair->near, 5);
  say (pair, "o\r\n", 3);
  g_assert_true (est_wire_take_in (pair->near));
  const char *words = est_wire_peek (pair->near, &length, NULL);
  g_assert_cmpmem (words, length, "two\r\n", 5);
  g_socket_shutdown (pair->far_socket, FALSE, TRUE, NULL);
  g_assert_false (est_wire_take_in (pair->near));
  g_assert_cmpmem (est_wire_peek (pair->near, &length, NULL), 5, "two\r\n", 5);
  est_wire_consume (pair->near, 5);
  g_assert_true (est_wire_is_readable (pair->near));
  g_autoptr (GError) error = NULL;
  g_assert_null (est_wire_peek (pair->near, &length, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED);
}

static void
test_endings (Pair *pair, gconstpointer data)
{
  g_autoptr (GString) line = g_string_new ("old");
  gboolean clean;
  say (pair, "one\r\ntwo\n\r\na\0b\rc\r\n", 18);
  g_assert_true (est_wire_read_line (pair->near, line, 100, &clean, NULL));
  g_assert_cmpstr (line->str, ==, "one");
  g_assert_true (clean);
  g_assert_true (est_wire_has_input (pair->near));
  g_assert_true (est_wire_read_line (pair->near, line, 100, &clean, NULL));
  g_assert_cmpstr (line->str, ==, "two");
  g_assert_false (clean);
  g_assert_true (est_wire_read_line (pair->near, line, 100, NULL, NULL));
  g_assert_cmpuint (line->len, ==, 0);
  g_assert_true (est_wire_read_line (pair->near, line, 100, &clean, NULL));
  g_assert_cmpmem (line->str, line->len, "a\0b\rc", 5);
  g_assert_true (clean);
  g_assert_false (est_wire_has_input (pair->near));
}

static void
test_limit (Pair *pair, gconstpointer data)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  say (pair, "12345678\r\n123456789\r\nnext\r\n", 27);
  g_assert_true (est_wire_read_line (pair->near, line, 10, NULL, NULL));
  g_assert_cmpstr (line->str, ==, "12345678");
  g_assert_false (est_wire_read_line (pair->near, line, 10, NULL, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_LONG);
  g_assert_true (est_wire_skip_line (pair->near, NULL));
  g_assert_true (est_wire_read_line (pair->near, line, 10, NULL, NULL));
  g_assert_cmpstr (line->str, ==, "next");
}

/* A line may be longer than the buffer behind it. */
static void
test_long_line (Pair *pair, gconstpointer data)
{
  g_autofree char *text = g_strnfill (50000, 'x');
  g_autoptr (GString) line = g_string_new (NULL);
  say (pair, text, 50000);
  say (pair, "\r\n", 2);
  g_assert_true (est_wire_read_line (pair->near, line, 50002, NULL, NULL));
  g_assert_cmpstr (line->str, ==, text);
}

static void
test_peek (Pair *pair, gconstpointer data)
{
  gsize length;
  say (pair, "abcdef", 6);
  const char *octets = est_wire_peek (pair->near, &length, NULL);
  g_assert_cmpmem (octets, length, "abcdef", 6);
  est_wire_consume (pair->near, 4);
  octets = est_wire_peek (pair->near, &length, NULL);
  g_assert_cmpmem (octets, length, "ef", 2);
}

static void
test_end_of_file (Pair *pair, gconstpointer data)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_assert_false (est_wire_is_readable (pair->near));
  say (pair, "unfinished", 10);
  g_assert_true (g_socket_shutdown (pair->far_socket, FALSE, TRUE, NULL));
  g_assert_true (est_wire_is_readable (pair->near));
  g_assert_false (est_wire_read_line (pair->near, line, 100, NULL, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED);
}

static void
test_broken_pipe (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_socket_close (pair->far_socket, NULL);
  g_assert_true (est_wire_print (pair->near, &error, "%s\r\n", "hello"));
  g_assert_false (est_wire_flush (pair->near, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED);
}

/* Nothing leaves before it is asked to, or the buffer is full. */
static void
test_output (Pair *pair, gconstpointer data)
{
  g_autofree char *text = g_strnfill (16384, 'y');
  g_autoptr (GString) line = g_string_new (NULL);
  g_assert_true (est_wire_print (pair->near, NULL, "%s %d\r\n", "number", 7));
  g_assert_false (est_wire_is_readable (pair->far));
  g_assert_true (est_wire_flush (pair->near, NULL));
  g_assert_true (est_wire_read_line (pair->far, line, 100, NULL, NULL));
  g_assert_cmpstr (line->str, ==, "number 7");

  g_assert_true (est_wire_write (pair->near, text, 16383, NULL));
  g_assert_false (est_wire_is_readable (pair->far));
  g_assert_true (est_wire_write (pair->near, text, 1, NULL));
  g_assert_true (est_wire_is_readable (pair->far));
}

static void
test_names (Pair *pair, gconstpointer data)
{
  g_assert_cmpstr (est_wire_peer_name (pair->near), ==, "unix");
  g_assert_false (est_wire_is_secure (pair->near));
  g_assert_null (est_wire_tls_description (pair->near));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                              \
  g_test_add ("/wire/lines/" name, Pair, NULL, set_up, function, tear_down)
  ADD ("endings", test_endings);
  ADD ("limit", test_limit);
  ADD ("long-line", test_long_line);
  ADD ("peek", test_peek);
  ADD ("end-of-file", test_end_of_file);
  ADD ("broken-pipe", test_broken_pipe);
  ADD ("output", test_output);
  ADD ("take-in", test_take_in);
  ADD ("taking-in", test_taking_in);
  ADD ("names", test_names);
  return g_test_run ();
}
