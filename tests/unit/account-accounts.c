/* The settings are followed while they change: written in place, replaced by rename,
   reached by a link, made later, broken and mended; each time with the signal, and
   without one when nothing of ours changed. */
#include "account/accounts.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HOME "[account home]\naddresses=me@example.org\nhost=smtp.example.org\n"
#define WORK "[account work]\naddresses=me@work.example\nhost=smtp.work.example\n"

typedef struct
{
  char *root;
  char *folder; /* two below root, not made yet */
  char *path;
  EstAccounts *accounts;
  guint changes;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->root = g_dir_make_tmp ("estafeta-accounts-XXXXXX", NULL);
  f->folder = g_build_filename (f->root, "config", "estafeta", NULL);
  f->path = g_build_filename (f->folder, "estafeta.conf", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_tree (child);
    }
  g_assert_no_errno (g_remove (path));
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_clear_object (&f->accounts);
  remove_tree (f->root);
  g_free (f->root);
  g_free (f->folder);
  g_free (f->path);
}

static void
on_changed (EstAccounts *accounts, Fixture *f)
{
  f->changes++;
}

static void
follow (Fixture *f)
{
  f->accounts = est_accounts_new (f->path);
  g_signal_connect (f->accounts, "changed", G_CALLBACK (on_changed), f);
}

static void
make_folder (const char *folder)
{
  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
}

static void
write_in_place (const char *path, const char *text)
{
  FILE *file = g_fopen (path, "w");
  g_assert_nonnull (file);
  g_assert_cmpint (fputs (text, file), >=, 0);
  g_assert_no_errno (fclose (file));
  g_assert_no_errno (g_chmod (path, 0600));
}

static void
replace_by_rename (const char *path, const char *text)
{
  GError *error = NULL;
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);
}

static gboolean
on_time_up (gpointer up)
{
  *(gboolean *) up = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until a change is told, or for @milliseconds. */
static guint
await_changes (Fixture *f, guint milliseconds)
{
  gboolean up = FALSE;
  guint timer = g_timeout_add (milliseconds, on_time_up, &up);
  while (f->changes == 0 && !up)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  guint changes = f->changes;
  f->changes = 0;
  return changes;
}

static void
settle_down (Fixture *f)
{
  while (await_changes (f, 400) > 0)
    continue;
}

static gboolean
knows (Fixture *f, const char *name)
{
  g_autoptr (EstSettings) settings = est_accounts_get (f->accounts);
  return est_settings_find (settings, name) != NULL;
}

static void
assert_told (Fixture *f, const char *known, const char *unknown)
{
  g_assert_cmpuint (await_changes (f, 5000), >, 0);
  g_autofree char *problem = est_accounts_dup_problem (f->accounts);
  g_assert_cmpstr (problem, ==, NULL);
  g_assert_true (known == NULL || knows (f, known));
  g_assert_true (unknown == NULL || !knows (f, unknown));
  settle_down (f);
}

static void
test_in_place (Fixture *f, gconstpointer unused)
{
  make_folder (f->folder);
  write_in_place (f->path, HOME);
  follow (f);
  g_assert_true (knows (f, "home"));
  write_in_place (f->path, HOME WORK);
  assert_told (f, "work", NULL);
  write_in_place (f->path, WORK);
  assert_told (f, "work", "home");
}

static void
test_by_rename (Fixture *f, gconstpointer unused)
{
  make_folder (f->folder);
  write_in_place (f->path, HOME);
  follow (f);
  for (guint i = 0; i < 3; i++)
    {
      replace_by_rename (f->path, i % 2 == 0 ? WORK : HOME);
      assert_told (f, i % 2 == 0 ? "work" : "home", i % 2 == 0 ? "home" : "work");
    }
}

static void
test_made_later (Fixture *f, gconstpointer unused)
{
  follow (f);
  g_assert_false (knows (f, "home"));
  make_folder (f->folder);
  settle_down (f);
  write_in_place (f->path, HOME);
  assert_told (f, "home", NULL);
}

static void
test_made_at_once (Fixture *f, gconstpointer unused)
{
  follow (f);
  make_folder (f->folder);
  write_in_place (f->path, HOME);
  assert_told (f, "home", NULL);
  remove_tree (f->folder);
  assert_told (f, NULL, "home");
  make_folder (f->folder);
  write_in_place (f->path, WORK);
  assert_told (f, "work", NULL);
}

static void
test_link (Fixture *f, gconstpointer unused)
{
  g_autofree char *elsewhere = g_build_filename (f->root, "dotfiles", NULL);
  g_autofree char *goal = g_build_filename (elsewhere, "mail.conf", NULL);
  make_folder (f->folder);
  make_folder (elsewhere);
  write_in_place (goal, HOME);
  g_assert_no_errno (symlink (goal, f->path));
  follow (f);
  g_assert_true (knows (f, "home"));
  replace_by_rename (goal, WORK);
  assert_told (f, "work", "home");
}

static void
test_broken_then_mended (Fixture *f, gconstpointer unused)
{
  make_folder (f->folder);
  write_in_place (f->path, HOME);
  follow (f);
  write_in_place (f->path, HOME "prot=25\n");
  g_assert_cmpuint (await_changes (f, 5000), >, 0);
  g_autofree char *problem = est_accounts_dup_problem (f->accounts);
  g_assert_nonnull (strstr (problem, "\"port\""));
  g_assert_true (knows (f, "home"));
  settle_down (f);

  write_in_place (f->path, WORK);
  assert_told (f, "work", "home");
  g_assert_no_errno (g_chmod (f->path, 0666));
  g_assert_cmpuint (await_changes (f, 5000), >, 0);
  g_autofree char *danger = est_accounts_dup_problem (f->accounts);
  g_assert_nonnull (strstr (danger, "other users"));
  g_assert_true (knows (f, "work"));
}

static void
test_broken_at_first (Fixture *f, gconstpointer unused)
{
  make_folder (f->folder);
  write_in_place (f->path, "nonsense\n");
  follow (f);
  g_autofree char *problem = est_accounts_dup_problem (f->accounts);
  g_assert_nonnull (strstr (problem, "Line 1"));
  g_autoptr (EstSettings) settings = est_accounts_get (f->accounts);
  g_assert_cmpuint (settings->accounts->len, ==, 0);
  g_assert_cmpuint (settings->delivery.connect_seconds, ==, 30);
  write_in_place (f->path, HOME);
  assert_told (f, "home", NULL);
}

static void
test_burst (Fixture *f, gconstpointer unused)
{
  make_folder (f->folder);
  follow (f);
  for (guint i = 0; i < 20; i++)
    write_in_place (f->path, i < 19 ? "[delivry]\n" : HOME);
  g_assert_cmpuint (await_changes (f, 5000), ==, 1);
  g_autofree char *problem = est_accounts_dup_problem (f->accounts);
  g_assert_cmpstr (problem, ==, NULL);
}

static void
test_others (Fixture *f, gconstpointer unused)
{
  g_autofree char *other = g_build_filename (f->folder, "other.conf", NULL);
  make_folder (f->folder);
  write_in_place (f->path, HOME);
  follow (f);
  settle_down (f);
  write_in_place (other, "x");
  replace_by_rename (other, "y");
  g_assert_cmpuint (await_changes (f, 500), ==, 0);
}

static void
test_add_and_remove (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (values, "addresses", "new@example.org");
  g_hash_table_insert (values, "host", "smtp.example.org");
  follow (f);

  g_assert_true (est_accounts_add (f->accounts, "new", values, &error));
  g_assert_cmpuint (f->changes, ==, 1);
  g_assert_true (knows (f, "new"));
  g_assert_false (est_accounts_add (f->accounts, "new", values, &error));
  g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME);
  g_assert_cmpuint (f->changes, ==, 1);
  g_clear_error (&error);

  g_assert_true (est_accounts_remove (f->accounts, "new", &error));
  g_assert_false (knows (f, "new"));
  g_assert_cmpuint (f->changes, ==, 2);
}

#define WRITERS 4
#define ANSWERS 10

typedef struct
{
  EstAccounts *accounts;
  guint number;
} Answerer;

static gpointer
answer (gpointer data)
{
  const Answerer *answerer = data;
  for (guint i = 0; i < ANSWERS; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *name = g_strdup_printf ("snap:a%u-%u", answerer->number, i);
      est_accounts_permit (answerer->accounts, name, EST_PERMISSION_ALLOW, &error);
      g_assert_no_error (error);
    }
  return NULL;
}

/* Threads that answer at once, while the main loop adds an account: nobody's line is
   lost. */
static void
test_permit_at_once (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  GThread *threads[WRITERS];
  Answerer answerers[WRITERS];
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (values, (gpointer) "host", (gpointer) "h.example");
  g_hash_table_insert (values, (gpointer) "addresses", (gpointer) "new@example.org");
  make_folder (f->folder);
  follow (f);
  for (guint i = 0; i < WRITERS; i++)
    {
      answerers[i] = (Answerer){f->accounts, i};
      threads[i] = g_thread_new ("answer", answer, &answerers[i]);
    }
  est_accounts_add (f->accounts, "new", values, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < WRITERS; i++)
    g_thread_join (threads[i]);
  g_autoptr (EstSettings) settings = est_accounts_get (f->accounts);
  g_assert_cmpuint (g_hash_table_size (settings->apps), ==, WRITERS * ANSWERS);
  g_assert_true (knows (f, "new"));
  g_assert_cmpuint (await_changes (f, 5000), >, 0);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    {"/account/accounts/in-place",           test_in_place          },
    {"/account/accounts/by-rename",          test_by_rename         },
    {"/account/accounts/made-later",         test_made_later        },
    {"/account/accounts/made-at-once",       test_made_at_once      },
    {"/account/accounts/link",               test_link              },
    {"/account/accounts/broken-then-mended", test_broken_then_mended},
    {"/account/accounts/broken-at-first",    test_broken_at_first   },
    {"/account/accounts/burst",              test_burst             },
    {"/account/accounts/others",             test_others            },
    {"/account/accounts/add-and-remove",     test_add_and_remove    },
    {"/account/accounts/permit-at-once",     test_permit_at_once    },
  };
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
