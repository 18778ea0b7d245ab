/* What relays once could do: rises, falls, what a person accepts, and a file that may be
   anything. */
#include "account/strength.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder, *path;

typedef struct
{
  EstAccount account;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->account = (EstAccount){.name = (char *) "home",
                                  .host = (char *) "smtp.example.org",
                                  .port = 465,
                                  .security = EST_SECURITY_TLS,
                                  .auth = (char *) "auto"};
  g_remove (path);
  est_strength_open (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  est_strength_open (NULL);
}

/* NULL: no fall. */
static char *
fall (const EstAccount *account, EstStrengthKind kind, const char *now)
{
  char *figures = NULL;
  gboolean allows = est_strength_allows (account, kind, now, &figures);
  g_assert_cmpint (allows, ==, figures == NULL);
  return figures;
}

static void
assert_fall (const EstAccount *account,
             EstStrengthKind kind,
             const char *now,
             const char *expected)
{
  g_autofree char *figures = fall (account, kind, now);
  g_assert_cmpstr (figures, ==, expected);
}

#define TLS     EST_STRENGTH_TLS
#define SIGN_IN EST_STRENGTH_SIGN_IN

typedef struct
{
  EstStrengthKind kind;
  const char *before, *now;
  gboolean falls;
} Case;

static const Case cases[] = {
  {TLS,               "TLS1.3",             "TLS1.3",             FALSE},
  {TLS,               "TLS1.2",             "TLS1.3",             FALSE},
  {TLS,               "TLS1.3",             "TLS1.2",             TRUE },
  {TLS,               "TLS1.3",             "nonsense",           TRUE },
  {EST_STRENGTH_NAME, "authority",          "dane",               TRUE },
  {EST_STRENGTH_NAME, "dane",               "authority",          FALSE},
  {SIGN_IN,           "EXTERNAL",           "SCRAM-SHA-256-PLUS", FALSE},
  {SIGN_IN,           "SCRAM-SHA-1-PLUS",   "SCRAM-SHA-256",      TRUE },
  {SIGN_IN,           "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",   FALSE},
  {SIGN_IN,           "SCRAM-SHA-256",      "SCRAM-SHA-1",        FALSE},
  {SIGN_IN,           "GSSAPI",             "SCRAM-SHA-1",        FALSE},
  {SIGN_IN,           "SCRAM-SHA-1",        "CRAM-MD5",           TRUE },
  {SIGN_IN,           "SCRAM-SHA-1",        "XOAUTH2",            TRUE },
  {SIGN_IN,           "SCRAM-SHA-1",        "PLAIN",              TRUE },
  {SIGN_IN,           "CRAM-MD5",           "LOGIN",              TRUE },
  {SIGN_IN,           "OAUTHBEARER",        "XOAUTH2",            FALSE},
  {SIGN_IN,           "XOAUTH2",            "PLAIN",              TRUE },
  {SIGN_IN,           "PLAIN",              "LOGIN",              FALSE},
  {SIGN_IN,           "LOGIN",              "SCRAM-SHA-256",      FALSE},
  {SIGN_IN,           "PLAIN",              "NEW-MECHANISM",      TRUE },
};

static void
test_order (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_remove (path);
      est_strength_open (path);
      est_strength_note (&fixture->account, c->kind, c->before);
      g_autofree char *figures = fall (&fixture->account, c->kind, c->now);
      g_test_message ("%s, then %s: %s", c->before, c->now, figures);
      g_assert_cmpint (figures != NULL, ==, c->falls);
    }
}

/* The kinds do not mix, and what is weaker changes nothing. */
static void
test_rise (Fixture *fixture, gconstpointer data)
{
  const EstAccount *account = &fixture->account;
  assert_fall (account, SIGN_IN, "PLAIN", NULL);
  est_strength_note (account, SIGN_IN, "PLAIN");
  est_strength_note (account, SIGN_IN, "SCRAM-SHA-256");
  est_strength_note (account, SIGN_IN, "LOGIN");
  est_strength_note (account, SIGN_IN, NULL);
  est_strength_note (account, SIGN_IN, "nonsense");
  assert_fall (account, SIGN_IN, "PLAIN", "sign-in SCRAM-SHA-256 PLAIN");
  assert_fall (account, TLS, "TLS1.2", NULL);
  est_strength_open (path);
  assert_fall (account, SIGN_IN, "PLAIN", "sign-in SCRAM-SHA-256 PLAIN");
}

static gint64
inode (void)
{
  GStatBuf status;
  return g_stat (path, &status) == 0 ? (gint64) status.st_ino : -1;
}

/* Written only when it rises: by rename, so that another file is another number. */
static void
test_seldom_written (Fixture *fixture, gconstpointer data)
{
  GStatBuf status;
  est_strength_note (&fixture->account, TLS, "TLS1.3");
  gint64 first = inode ();
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  /* Keeps the number from being given to another. */
  g_autoptr (GMappedFile) held = g_mapped_file_new (path, FALSE, NULL);
  g_assert_nonnull (held);
  for (guint i = 0; i < 3; i++)
    est_strength_note (&fixture->account, TLS, i == 0 ? "TLS1.2" : "TLS1.3");
  g_assert_cmpint (inode (), ==, first);
  est_strength_note (&fixture->account, SIGN_IN, "PLAIN");
  g_assert_cmpint (inode (), !=, first);
}

static void
test_begins_anew (Fixture *fixture, gconstpointer data)
{
  static char *command[] = {(char *) "token", NULL};
  const EstAccount account = fixture->account;
  EstAccount changed[] = {account, account, account, account, account, account};
  changed[0].host = (char *) "smtp.example.net";
  changed[1].port = 587;
  changed[2].security = EST_SECURITY_STARTTLS;
  changed[3].auth = (char *) "PLAIN";
  changed[4].token_command = command;
  changed[5].name = (char *) "work";
  est_strength_note (&account, SIGN_IN, "SCRAM-SHA-256");
  for (gsize i = 0; i < G_N_ELEMENTS (changed); i++)
    assert_fall (&changed[i], SIGN_IN, "PLAIN", NULL);
  est_strength_note (&changed[0], TLS, "TLS1.2");
  assert_fall (&account, SIGN_IN, "PLAIN", NULL);
}

static void
test_accept (Fixture *fixture, gconstpointer data)
{
  const EstAccount *account = &fixture->account;
  static const char *const others[] = {"",
                                       "sign-in",
                                       "sign-in SCRAM-SHA-1 PLAIN",
                                       "sign-in SCRAM-SHA-256 nonsense",
                                       "tls TLS1.3 TLS1.2",
                                       "sign-in SCRAM-SHA-256 PLAIN more",
                                       "auth SCRAM-SHA-256 PLAIN"};
  est_strength_note (account, SIGN_IN, "SCRAM-SHA-256");
  est_strength_note (account, TLS, "TLS1.2");
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (est_strength_accept (account, others[i]));
  g_assert_true (est_strength_accept (account, "sign-in SCRAM-SHA-256 XOAUTH2"));
  assert_fall (account, SIGN_IN, "XOAUTH2", NULL);
  assert_fall (account, SIGN_IN, "PLAIN", "sign-in XOAUTH2 PLAIN");
  g_assert_false (est_strength_accept (account, "sign-in SCRAM-SHA-256 PLAIN"));
  est_strength_open (path);
  assert_fall (account, SIGN_IN, "PLAIN", "sign-in XOAUTH2 PLAIN");
}

static void
test_removed (Fixture *fixture, gconstpointer data)
{
  EstAccount other = fixture->account;
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  other.name = (char *) "work";
  est_strength_note (&fixture->account, TLS, "TLS1.3");
  est_strength_note (&other, TLS, "TLS1.3");
  g_ptr_array_add (left, &other);
  est_strength_keep (left);
  est_strength_open (path);
  assert_fall (&fixture->account, TLS, "TLS1.2", NULL);
  assert_fall (&other, TLS, "TLS1.2", "tls TLS1.3 TLS1.2");
}

static char *warning; /* the last one */

static GLogWriterOutput
keep_warning (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
  g_free (warning);
  warning = g_log_writer_format_fields (level, fields, n, FALSE);
  return G_LOG_WRITER_HANDLED;
}

/* "": none. */
static void
assert_warned (const char *words)
{
  g_autofree char *said = g_steal_pointer (&warning);
  if (*words == '\0')
    g_assert_null (said);
  else
    g_assert_nonnull (strstr (said != NULL ? said : "", words));
}

/* Whatever stands there, it counts as unknown, and the next rise mends it. */
static void
test_bad_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (2 * 1024 * 1024, '#');
  const char *const texts[]
    = {"nonsense\n",
       "[home]\nrelay=\n",
       "[home]\nsign-in=SCRAM-SHA-256\n",
       "\xff\xfe\n",
       "[home]\nrelay=tls smtp.example.org:465 auto password\nsign-in=%s%n\n",
       huge};
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (g_file_set_contents_full (
        path, texts[i], -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
      gboolean legible = i == 1 || i == 2 || i == 4;
      est_strength_open (path);
      assert_warned (legible ? "" : "not known any more");
      assert_fall (&fixture->account, SIGN_IN, "PLAIN", NULL);
      est_strength_note (&fixture->account, SIGN_IN, "SCRAM-SHA-256");
      est_strength_open (path);
      assert_fall (&fixture->account, SIGN_IN, "PLAIN", "sign-in SCRAM-SHA-256 PLAIN");
    }
}

static void
test_unsafe_file (Fixture *fixture, gconstpointer data)
{
  est_strength_note (&fixture->account, TLS, "TLS1.3");
  g_assert_cmpint (g_chmod (path, 0666), ==, 0);
  est_strength_open (path);
  assert_warned ("can be written by other users");
  assert_fall (&fixture->account, TLS, "TLS1.2", NULL);
}

/* As on a full disc: it is remembered all the same, as long as this run lasts. */
static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (path, "below", "strength", NULL);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  est_strength_open (nowhere);
  assert_warned ("not known any more");
  est_strength_note (&fixture->account, TLS, "TLS1.3");
  assert_warned ("only until the end");
  assert_fall (&fixture->account, TLS, "TLS1.2", "tls TLS1.3 TLS1.2");
}

static gpointer
rise_and_fall (gpointer data)
{
  const EstAccount *account = data;
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *figures = NULL;
      est_strength_note (account, SIGN_IN, i % 2 == 0 ? "PLAIN" : "SCRAM-SHA-1");
      est_strength_allows (account, SIGN_IN, "PLAIN", &figures);
    }
  return NULL;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  GThread *threads[4];
  EstAccount accounts[4];
  static char *names[] = {(char *) "a", (char *) "b", (char *) "c", (char *) "d"};
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      accounts[i] = fixture->account;
      accounts[i].name = names[i];
      threads[i] = g_thread_new ("account", rise_and_fall, &accounts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  est_strength_open (path);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    assert_fall (&accounts[i], SIGN_IN, "PLAIN", "sign-in SCRAM-SHA-1 PLAIN");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL); /* warnings are part of the tests */
  g_log_set_writer_func (keep_warning, NULL, NULL);
  folder = g_dir_make_tmp ("estafeta-strength-XXXXXX", NULL);
  path = g_build_filename (folder, "strength", NULL);
#define ADD(name, function)                                                              \
  g_test_add ("/account/strength/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("order", test_order);
  ADD ("rise", test_rise);
  ADD ("seldom-written", test_seldom_written);
  ADD ("begins-anew", test_begins_anew);
  ADD ("accept", test_accept);
  ADD ("removed", test_removed);
  ADD ("bad-file", test_bad_file);
  ADD ("unsafe-file", test_unsafe_file);
  ADD ("unwritable", test_unwritable);
  ADD ("threads", test_threads);
  int result = g_test_run ();
  g_remove (path);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
  return result;
}
