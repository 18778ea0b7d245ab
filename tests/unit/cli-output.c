/* Tables that fit the terminal, and nothing of a stranger's that steers it. */
#include "cli/json.h"
#include "cli/note.h"
#include "cli/output.h"
#include "cli/table.h"

#include <string.h>

typedef struct
{
  const char *text;
  guint columns;
} Width;

static const Width widths[] = {
  {"",        0},
  {"abc",     3},
  {"señor",  5},
  {"日本",  4},
  {"e\u0301", 1},
  {"🙂",    2},
};

static void
test_columns (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    g_assert_cmpuint (est_output_columns (widths[i].text), ==, widths[i].columns);
}

typedef struct
{
  const char *text;
  guint columns;
  gboolean right;
  const char *fitted;
} Fit;

static const Fit fits[] = {
  {"abc",       5, FALSE, "abc  "    },
  {"abc",       5, TRUE,  "  abc"    },
  {"abc",       3, FALSE, "abc"      },
  {"abcd",      3, FALSE, "ab…"    },
  {"abcd",      1, FALSE, "…"      },
  {"abcd",      0, FALSE, ""         },
  {"日本語", 6, FALSE, "日本語"},
  {"日本語", 5, FALSE, "日本…"},
  {"日本語", 4, FALSE, "日… "  }, /* half a wide character is a gap */
  {"ñandú",   4, TRUE,  "ñan…"  },
};

static void
test_fit (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      const Fit *fit = &fits[i];
      g_autofree char *fitted = est_output_fit (fit->text, fit->columns, fit->right);
      g_assert_cmpstr (fitted, ==, fit->fitted);
      g_assert_cmpuint (est_output_columns (fitted), ==, fit->columns);
    }
}

static const EstColumn columns[] = {
  {"No.",     0, TRUE },
  {"To",      6, FALSE},
  {"Subject", 6, FALSE},
};

static EstTable *
make_table (const char *subject)
{
  EstTable *table = est_table_new (columns, G_N_ELEMENTS (columns));
  est_table_add (table, (const char *const[]){"1", "somebody@example.net", subject});
  est_table_add (table, (const char *const[]){"12", "b@x", NULL});
  return table;
}

static void
test_table_uncut (void)
{
  g_autoptr (EstTable) table = make_table ("An offer");
  g_autofree char *text = est_table_format (table, 0);
  g_assert_cmpstr (text, ==,
                   "No.  To                    Subject\n"
                   "  1  somebody@example.net  An offer\n"
                   " 12  b@x\n");
}

static void
test_table_empty (void)
{
  g_autoptr (EstTable) table = est_table_new (columns, G_N_ELEMENTS (columns));
  g_autofree char *text = est_table_format (table, 80);
  g_assert_cmpstr (text, ==, "No.  To  Subject\n");
}

/* From a width on that leaves every column its least, no line is wider than the
   terminal. */
static void
test_table_fits (void)
{
  g_autoptr (EstTable) table = make_table ("日本語の件名はとても長い, very long");
  for (guint width = 3 + 2 + 6 + 2 + 6; width < 90; width++)
    {
      g_autofree char *text = est_table_format (table, width);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
      g_assert_cmpuint (g_strv_length (lines), ==, 4);
      for (guint i = 0; lines[i] != NULL; i++)
        g_assert_cmpuint (est_output_columns (lines[i]), <=, width);
    }
  g_autofree char *narrow = est_table_format (table, 1);
  g_assert_nonnull (strstr (narrow, " 12  b@x"));
}

static void
test_table_hostile (void)
{
  g_autoptr (EstTable) table = make_table ("\x1b[2J\nforged  line\r\u202e\xff");
  g_autofree char *text = est_table_format (table, 0);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_null (strpbrk (text, "\x1b\r"));
  g_assert_null (strstr (text, "\u202e"));
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
test_json (void)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_parsed (
    "[{'id': <uint64 12>, 'subject': <'\\u001b[2J \\u009b \\u202e ñ \\U000e0041'>}]"));
  g_autofree char *json = est_json_format (value);
  g_assert_true (g_str_has_prefix (json, "[\n"));
  g_assert_true (g_str_has_suffix (json, "]\n"));
  g_assert_nonnull (strstr (json, "\"id\" : 12"));
  g_assert_nonnull (strstr (json, "\"\\u001b[2J \\u009b \\u202e ñ \\udb40\\udc41\""));
}

static void
test_note (void)
{
  g_autoptr (GVariant) message = g_variant_ref_sink (g_variant_new_parsed (
    "{'id': <uint64 12>, 'state': <'failed'>, 'sender': <''>, 'created': <int64 "
    "1795435200>,"
    " 'subject': <'a\\nForged: fact'>, 'reason': <'refused'>, 'account': <'work'>,"
    " 'reply': <'554 5.7.1 \\u001bspam'>,"
    " 'addressees': <[{'address': <'b@x'>, 'state': <'failed'>, 'reply': <'554 no'>}]>,"
    " 'attempts-made': <[{'when': <int64 1795435201>, 'reason': <'of-tomorrow'>,"
    "                     'peer': <'192.0.2.1:465'>, 'tls': <'TLS1.3'>}]>}"));
  g_autofree char *note = est_note_format (message);
  g_assert_true (g_str_has_prefix (note, "Message 12: failed\n"));
  g_assert_nonnull (strstr (note, "\n  From:         <>\n"));
  g_assert_nonnull (strstr (note, "\n  Reply:        554 5.7.1  spam\n"));
  g_assert_nonnull (strstr (note, "\n  b@x: failed\n    Reply:        554 no\n"));
  g_assert_nonnull (strstr (note, "\n  2026-11-23 12:00:01 +0000\n"));
  g_assert_nonnull (strstr (note, "\n    Result:       of-tomorrow\n"));
  g_assert_nonnull (strstr (note, "\n    Encryption:   TLS1.3\n"));
  g_assert_null (strstr (note, "\nForged"));
}

static void
test_note_of_nothing (void)
{
  g_autoptr (GVariant) message = g_variant_ref_sink (g_variant_new_parsed ("@a{sv} {}"));
  g_autofree char *note = est_note_format (message);
  g_assert_true (g_str_has_suffix (note, "\nThere was no attempt yet.\n"));
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/output/columns", test_columns);
  g_test_add_func ("/cli/output/fit", test_fit);
  g_test_add_func ("/cli/table/uncut", test_table_uncut);
  g_test_add_func ("/cli/table/empty", test_table_empty);
  g_test_add_func ("/cli/table/fits", test_table_fits);
  g_test_add_func ("/cli/table/hostile", test_table_hostile);
  g_test_add_func ("/cli/json/format", test_json);
  g_test_add_func ("/cli/note/hostile", test_note);
  g_test_add_func ("/cli/note/nothing", test_note_of_nothing);
  return g_test_run ();
}
