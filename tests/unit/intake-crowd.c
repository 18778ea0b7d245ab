/* Ten in a minute are letters, the eleventh is a crowd. */
#include "intake/crowd.h"

#define SECOND G_TIME_SPAN_SECOND

static void
note_times (EstCrowd *crowd, const char *program, gint64 now, guint count, gboolean bulk)
{
  for (guint i = 0; i < count; i++)
    g_assert_cmpint (est_crowd_note (crowd, program, now), ==, bulk);
}

static void
test_eleventh (void)
{
  g_autoptr (EstCrowd) crowd = est_crowd_new ();
  note_times (crowd, "program:git", 1, 10, FALSE);
  note_times (crowd, "program:git", 2, 5, TRUE);
  note_times (crowd, "program:mutt", 2, 10, FALSE);
}

/* A minute after the tenth before it. */
static void
test_rolling (void)
{
  g_autoptr (EstCrowd) crowd = est_crowd_new ();
  for (gint64 i = 1; i <= 10; i++)
    g_assert_false (est_crowd_note (crowd, "program:cron", i * SECOND));
  g_assert_true (est_crowd_note (crowd, "program:cron", 60 * SECOND));
  g_assert_false (est_crowd_note (crowd, "program:cron", 62 * SECOND));
  g_assert_true (est_crowd_note (crowd, "program:cron", 62 * SECOND));
  for (gint64 i = 1; i <= 30; i++)
    g_assert_false (est_crowd_note (crowd, "program:slow", i * 7 * SECOND));
}

static void
test_unknown_are_one (void)
{
  g_autoptr (EstCrowd) crowd = est_crowd_new ();
  note_times (crowd, NULL, 1, 5, FALSE);
  note_times (crowd, "", 1, 5, FALSE);
  note_times (crowd, NULL, 1, 1, TRUE);
}

/* Names that are made up for every message: at most so many are kept apart, and the rest
   is a crowd like the unknown. Those that fell silent make room. */
static void
test_made_up_names (void)
{
  guint bulk = 0;
  g_autoptr (EstCrowd) crowd = est_crowd_new ();
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("app:%u", i);
      bulk += est_crowd_note (crowd, name, 1);
    }
  g_assert_cmpuint (bulk, >, 700);
  g_assert_false (est_crowd_note (crowd, "app:new", 61 * SECOND + 1));
  note_times (crowd, "app:other", 61 * SECOND + 1, 10, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/intake/crowd/eleventh", test_eleventh);
  g_test_add_func ("/intake/crowd/rolling", test_rolling);
  g_test_add_func ("/intake/crowd/unknown", test_unknown_are_one);
  g_test_add_func ("/intake/crowd/made-up", test_made_up_names);
  return g_test_run ();
}
