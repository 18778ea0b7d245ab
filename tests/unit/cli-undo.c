/* What was done is undone in reverse, and only what has not been kept. */
#include "cli/undo.h"

static GString *told;

static void
undo (gpointer word)
{
  g_string_append_printf (told, "undo %s;", (const char *) word);
}

static void
let_go (gpointer word)
{
  g_string_append_printf (told, "free %s;", (const char *) word);
}

static void
test_reverse (void)
{
  g_string_truncate (told, 0);
  EstUndo *deeds = est_undo_new ();
  est_undo_add (deeds, undo, (gpointer) "account", let_go);
  est_undo_add (deeds, undo, (gpointer) "port", NULL);
  est_undo_add (deeds, undo, (gpointer) "service", let_go);
  est_undo_free (deeds);
  g_assert_cmpstr (told->str, ==,
                   "undo service;free service;undo port;undo account;free account;");
}

static void
test_kept (void)
{
  g_string_truncate (told, 0);
  EstUndo *deeds = est_undo_new ();
  est_undo_add (deeds, undo, (gpointer) "account", let_go);
  est_undo_keep (deeds);
  g_assert_cmpstr (told->str, ==, "free account;");
  est_undo_add (deeds, undo, (gpointer) "letter", NULL);
  est_undo_free (deeds);
  g_assert_cmpstr (told->str, ==, "free account;undo letter;");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  told = g_string_new (NULL);
  g_test_add_func ("/cli/undo/reverse", test_reverse);
  g_test_add_func ("/cli/undo/kept", test_kept);
  int code = g_test_run ();
  g_string_free (told, TRUE);
  return code;
}
