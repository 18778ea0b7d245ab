/* What must end at the deadline, or by the cancellable, whatever the other side does. */
#include "wire/deadline.h"

#include "wire-end.h"

#include <unistd.h>

typedef struct
{
  EstWire *wire;
  GCancellable *cancellable;
  int far;
  GThread *thread;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->cancellable = g_cancellable_new ();
  fixture->wire = make_wire (fixture->cancellable, &fixture->far);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  est_wire_free (fixture->wire);
  if (fixture->thread != NULL)
    g_thread_join (fixture->thread);
  close (fixture->far);
  g_object_unref (fixture->cancellable);
}

static gboolean
read_line (Fixture *fixture, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  return est_wire_read_line (fixture->wire, line, G_MAXINT, NULL, error);
}

/* Asserts that what follows @start took between the two, in milliseconds. */
static void
assert_took (gint64 start, gint64 least, gint64 most)
{
  gint64 took = (g_get_monotonic_time () - start) / 1000;
  g_assert_cmpint (took, >=, least);
  g_assert_cmpint (took, <=, most);
}

static gpointer
drip (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  while (send (fd, "x", 1, MSG_NOSIGNAL) == 1)
    g_usleep (20000);
  return NULL;
}

static gpointer
flood (gpointer data)
{
  static const char octets[4096];
  int fd = GPOINTER_TO_INT (data);
  while (send (fd, octets, sizeof octets, MSG_NOSIGNAL) > 0)
    ;
  return NULL;
}

static void
test_mute (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  est_wire_set_deadline (fixture->wire, 200);
  g_assert_false (read_line (fixture, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT);
  assert_took (start, 190, 2000);
}

static void
test_dripping (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  fixture->thread = g_thread_new ("drip", drip, GINT_TO_POINTER (fixture->far));
  est_wire_set_deadline (fixture->wire, 300);
  g_assert_false (read_line (fixture, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT);
  assert_took (start, 290, 2000);
}

/* Never waiting must not mean never looking at the clock. */
static void
test_flooding (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  fixture->thread = g_thread_new ("flood", flood, GINT_TO_POINTER (fixture->far));
  est_wire_set_deadline (fixture->wire, 200);
  g_assert_false (est_wire_skip_line (fixture->wire, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT);
  assert_took (start, 190, 2000);
}

/* The other side reads nothing. */
static void
test_writing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (16 * 1024 * 1024, 'x');
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  est_wire_set_deadline (fixture->wire, 200);
  g_assert_false (est_wire_write (fixture->wire, text, 16 * 1024 * 1024, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT);
  assert_took (start, 190, 2000);
}

/* No deadline is set: without the cancellable this would wait for ever. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  fixture->thread = g_thread_new ("cancel", cancel_soon, fixture->cancellable);
  g_assert_false (read_line (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_took (start, 140, 2000);
}

static void
test_left (void)
{
  g_assert_cmpint (est_deadline_left (est_deadline_in (-5)), ==, 0);
  g_assert_cmpint (est_deadline_left (est_deadline_in (1000)), >, 500000);
  g_assert_cmpint (est_deadline_left (est_deadline_in (1000)), <=, 1000000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                              \
  g_test_add ("/wire/deadline/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("mute", test_mute);
  ADD ("dripping", test_dripping);
  ADD ("flooding", test_flooding);
  ADD ("writing", test_writing);
  ADD ("cancel", test_cancel);
  g_test_add_func ("/wire/deadline/left", test_left);
  return g_test_run ();
}
