/* Filters from D-Bus: what is misspelt must not choose everything. */
#include "desktop/selection-values.h"

#include <gio/gio.h>

static const char *const bad[] = {
  "{'state': <['sent']>}",    "{'states': <'sent'>}",
  "{'states': <['asleep']>}", "{'reason': <'bad weather'>}",
  "{'reason': <''>}",         "{'since': <'yesterday'>}",
  "{'account': <5>}",         "{'until': <uint64 5>}",
  "{'text': <true>}",         "{'states': <@as []>}",
  "{'program': <['a']>}",
};

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      EstSelection selection;
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) filter = g_variant_ref_sink (g_variant_new_parsed (bad[i]));
      g_assert_false (est_selection_read (&selection, NULL, filter, &error));
      g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
    }
}

static void
test_good (void)
{
  EstSelection selection;
  static const guint64 numbers[] = {3, 4};
  g_autoptr (GVariant) ids = g_variant_ref_sink (
    g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, numbers, 2, sizeof (guint64)));
  g_autoptr (GVariant) filter = g_variant_ref_sink (g_variant_new_parsed (
    "{'states': <['held', 'failed']>, 'account': <'home'>, 'reason': <'old'>,"
    " 'since': <int64 5>, 'until': <int64 -7>, 'text': <'words'>, 'program': "
    "<'snap:a'>}"));
  g_assert_true (est_selection_read (&selection, ids, filter, NULL));
  g_assert_cmpuint (selection.n_ids, ==, 2);
  g_assert_cmpint (selection.ids[1], ==, 4);
  g_assert_cmpuint (selection.states, ==,
                    EST_STATE_BIT (EST_STATE_HELD) | EST_STATE_BIT (EST_STATE_FAILED));
  g_assert_cmpstr (selection.account, ==, "home");
  g_assert_cmpint (selection.reason, ==, EST_REASON_OLD);
  g_assert_cmpint (selection.since, ==, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (selection.until, ==, 1); /* long ago, but a bound */
  g_assert_cmpstr (selection.text, ==, "words");
  g_assert_cmpstr (selection.program, ==, "snap:a");
}

static void
test_journal (void)
{
  EstJournalSearch search;
  g_autoptr (GVariant) filter = g_variant_ref_sink (g_variant_new_parsed (
    "{'message': <uint64 18446744073709551615>, 'until': <int64 9223372036854775807>}"));
  g_autoptr (GVariant) wrong
    = g_variant_ref_sink (g_variant_new_parsed ("{'states': <['sent']>}"));
  g_assert_true (est_journal_search_read (&search, filter, NULL));
  g_assert_cmpint (search.message, ==, G_MAXINT64);
  g_assert_cmpint (search.until, >, 0);
  g_assert_false (est_journal_search_read (&search, wrong, NULL));
}

/* A message must not go to others than it was said. */
static void
test_import (void)
{
  static const char *const wrong[] = {
    "{'recipient': <['a@b']>}",
    "{'recipients': <'a@b'>}",
    "{'sender': <['a@b']>}",
    "{'hold': <'yes'>}",
  };
  EstImport import;
  g_autoptr (GVariant) good = g_variant_ref_sink (g_variant_new_parsed (
    "{'recipients': <['a@b', 'c@d']>, 'sender': <'e@f'>, 'hold': <true>}"));
  g_assert_true (est_import_read (&import, good, NULL));
  g_autofree const char **recipients = import.recipients;
  g_assert_cmpuint (g_strv_length ((char **) recipients), ==, 2);
  g_assert_cmpstr (recipients[1], ==, "c@d");
  g_assert_cmpstr (import.sender, ==, "e@f");
  g_assert_true (import.held);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) options = g_variant_ref_sink (g_variant_new_parsed (wrong[i]));
      g_assert_false (est_import_read (&import, options, &error));
      g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desktop/selection-values/bad", test_bad);
  g_test_add_func ("/desktop/selection-values/good", test_good);
  g_test_add_func ("/desktop/selection-values/journal", test_journal);
  g_test_add_func ("/desktop/selection-values/import", test_import);
  return g_test_run ();
}
