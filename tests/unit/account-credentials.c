/* Secrets by password-command: what counts as one, how a failure is told, the time limit,
   cancelling, one question at a time, and the cache. No session bus is there. */
#include "account/credentials.h"
#include "base/clock.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

static char *folder;

/* An account whose password-command is "sh -c SCRIPT folder", so that $0 is the
   folder. */
static EstAccount *
account_with (const char *script)
{
  EstAccount *account = g_atomic_rc_box_new0 (EstAccount);
  const char *argv[] = {"sh", "-c", script, folder, NULL};
  account->name = g_strdup ("home");
  account->addresses = g_new0 (char *, 1);
  account->password_command = g_strdupv ((char **) argv);
  return account;
}

static const struct
{
  const char *script;
  const char *secret; /* NULL: fails */
  const char *words;  /* of the error, separated by "|" */
} commands[] = {
  {"echo hunter2",                                  "hunter2",  NULL                    },
  {"printf hunter2",                                "hunter2",  NULL                    },
  {"printf ' p\\tw \\r\\n'",                        " p\tw \r", NULL                    },
  {"sleep 0.2; echo slow",                          "slow",     NULL                    },
  {"echo a >&2; echo pw; echo b >&2",               "pw",       NULL                    },
  {"yes | head -c 300000 >&2; echo pw",             "pw",       NULL                    },
  {"exec 2>&-; echo pw",                            "pw",       NULL                    },
  {"true",                                          NULL,       "no password"           },
  {"echo",                                          NULL,       "no password"           },
  {"echo hunter2; echo more",                       NULL,       "more than one line"    },
  {"printf 'hunter2\\n\\n'",                        NULL,       "more than one line"    },
  {"printf 'hun\\0ter2'",                           NULL,       "zero octet"            },
  {"echo hunter2; echo no key >&2; exit 3",         NULL,       "status 3: no key"      },
  {"echo hunter2; exit 4",                          NULL,       "status 4"              },
  {"printf 'a\\tb\\033c\\nhunter2\\n' >&2; exit 1", NULL,       "status 1: a b c"       },
  {"printf '\\377' >&2; exit 1",                    NULL,       "status 1: \xef\xbf\xbd"},
  {"yes | tr -d '\\n' | head -c 999 >&2; exit 1",   NULL,       "status 1: yyyy"        },
  {"kill -9 $$",                                    NULL,       "signal 9"              },
  {"yes hunter2 | head -c 65537",                   NULL,       "more than 64 KiB"      },
  {"yes hunter2",                                   NULL,       "more than 64 KiB"      },
};

static void
check_failure (const GError *error, const char *words)
{
  g_assert_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_COMMAND);
  g_auto (GStrv) parts = g_strsplit (words, "|", -1);
  for (char **part = parts; *part != NULL; part++)
    g_assert_nonnull (strstr (error->message, *part));
  g_assert_null (strstr (error->message, "hunter2"));
  g_assert_cmpuint (strlen (error->message), <, 300);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_commands (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (EstCredentials) credentials = est_credentials_new ();
      g_autoptr (EstAccount) account = account_with (commands[i].script);
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", commands[i].script);
      g_autoptr (EstSecret) secret
        = est_credentials_lookup (credentials, account, 30, NULL, &error);
      if (commands[i].secret == NULL)
        {
          g_assert_null (secret);
          check_failure (error, commands[i].words);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (est_secret_peek (secret), ==, commands[i].secret);
    }
}

static void
test_largest (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account = account_with ("yes | tr -d '\\n' | head -c 65536");
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret
    = est_credentials_lookup (credentials, account, 30, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (est_secret_peek (secret)), ==, 65536);
}

static void
test_missing_program (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account = account_with ("");
  g_autoptr (GError) error = NULL;
  g_free (account->password_command[0]);
  account->password_command[0] = g_strdup ("estafeta-no-such-program");
  g_assert_null (est_credentials_lookup (credentials, account, 30, NULL, &error));
  check_failure (error, "estafeta-no-such-program|no such program");
}

static double
seconds_since (gint64 start)
{
  return (double) (est_clock_steady () - start) / G_USEC_PER_SEC;
}

static char *
read_note (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;
  g_file_get_contents (path, &text, NULL, NULL);
  g_remove (path);
  return text != NULL ? g_strchomp (text) : g_strdup ("");
}

static void
assert_gone (const char *note)
{
  g_autofree char *text = read_note (note);
  pid_t pid = (pid_t) g_ascii_strtoll (text, NULL, 10);
  g_assert_cmpint (pid, >, 1);
  gint64 start = est_clock_steady ();
  while (kill (pid, 0) == 0 && seconds_since (start) < 5)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
      g_autofree char *stat = NULL;
      if (!g_file_get_contents (path, &stat, NULL, NULL) || strstr (stat, ") Z ") != NULL)
        return; /* an orphan waits for whoever reaps orphans here */
      g_usleep (10000);
    }
  g_assert_cmpint (kill (pid, 0), ==, -1);
}

/* The limit ends the program and what it started. */
static void
test_limit (void)
{
  static const char *const scripts[] = {
    "echo $$ > $0/child; exec sleep 60",
    "sleep 60 & echo $! > $0/child; wait",
    "sleep 60 & echo $! > $0/child; echo hunter2",
    "echo $$ > $0/child; exec >&-; exec sleep 60",
  };
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr (EstCredentials) credentials = est_credentials_new ();
      g_autoptr (EstAccount) account = account_with (scripts[i]);
      g_autoptr (GError) error = NULL;
      gint64 start = est_clock_steady ();
      g_assert_null (est_credentials_lookup (credentials, account, 1, NULL, &error));
      g_assert_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_TIMED_OUT);
      g_assert_cmpfloat (seconds_since (start), >=, 0.9);
      g_assert_cmpfloat (seconds_since (start), <, 5);
      assert_gone ("child");
    }
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (300000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account = account_with ("echo $$ > $0/child; exec sleep 60");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 start = est_clock_steady ();
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_null (est_credentials_lookup (credentials, account, 30, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpfloat (seconds_since (start), <, 5);
  g_thread_join (thread);
  assert_gone ("child");

  g_clear_error (&error);
  g_assert_null (est_credentials_lookup (credentials, account, 30, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
assert_found (EstCredentials *credentials, EstAccount *account, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret
    = est_credentials_lookup (credentials, account, 30, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (est_secret_peek (secret), ==, expected);
}

static void
test_cache (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account
    = account_with ("echo x >> $0/count; wc -l < $0/count | tr -d ' '");
  assert_found (credentials, account, "1");
  assert_found (credentials, account, "1");
  est_credentials_forget (credentials, "work");
  assert_found (credentials, account, "1");
  est_credentials_forget (credentials, "home");
  assert_found (credentials, account, "2");
  assert_found (credentials, account, "2");
  g_free (read_note ("count"));
}

static void
test_failure_is_not_kept (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account
    = account_with ("echo x >> $0/count; test $(wc -l < $0/count) -gt 1 && echo pw");
  g_assert_null (est_credentials_lookup (credentials, account, 30, NULL, NULL));
  assert_found (credentials, account, "pw");
  g_free (read_note ("count"));
}

typedef struct
{
  EstCredentials *credentials;
  EstAccount *account;
  guint limit;
} Question;

static gpointer
ask (gpointer data)
{
  Question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret = est_credentials_lookup (
    question->credentials, question->account, question->limit, NULL, &error);
  return g_strdup (secret != NULL ? est_secret_peek (secret) : error->message);
}

/* Eight ask at once, the program runs once. */
static void
test_one_at_a_time (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account
    = account_with ("echo x >> $0/count; sleep 0.3; echo pw");
  Question question = {credentials, account, 30};
  GThread *threads[8];
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("ask", ask, &question);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autofree char *answer = g_thread_join (threads[i]);
      g_assert_cmpstr (answer, ==, "pw");
    }
  g_autofree char *count = read_note ("count");
  g_assert_cmpstr (count, ==, "x");
}

/* Who waits for another's question keeps the own time limit. */
static void
test_waiting_is_limited (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account = account_with ("sleep 3; echo pw");
  Question patient = {credentials, account, 30};
  GThread *thread = g_thread_new ("ask", ask, &patient);
  g_usleep (300000);

  g_autoptr (GError) error = NULL;
  gint64 start = est_clock_steady ();
  g_assert_null (est_credentials_lookup (credentials, account, 1, NULL, &error));
  g_assert_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_TIMED_OUT);
  g_assert_cmpfloat (seconds_since (start), <, 2.5);
  g_autofree char *answer = g_thread_join (thread);
  g_assert_cmpstr (answer, ==, "pw");
}

/* What was asked for before it was forgotten must not come back as fresh. */
static void
test_forget_while_asking (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account
    = account_with ("echo x >> $0/count; n=$(wc -l < $0/count); sleep 0.6; echo $n");
  Question question = {credentials, account, 30};
  GThread *thread = g_thread_new ("ask", ask, &question);
  g_usleep (300000);
  est_credentials_forget (credentials, "home");
  g_autofree char *answer = g_thread_join (thread);
  g_assert_cmpstr (answer, ==, "1");
  assert_found (credentials, account, "2");
  g_free (read_note ("count"));
}

static void
write_note (const char *text)
{
  g_autofree char *path = g_build_filename (folder, "password", NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* What the provider refused is not found again; another secret is, and the same one after
   a word of the person. */
static void
test_refused (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account = account_with ("cat $0/password");
  g_autoptr (EstSecret) wrong = est_secret_new ("wrong", -1);
  g_autoptr (GError) error = NULL;
  write_note ("wrong");
  assert_found (credentials, account, "wrong");
  est_credentials_refuse (credentials, account, wrong);
  g_assert_null (est_credentials_lookup (credentials, account, 30, NULL, &error));
  g_assert_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_REFUSED);
  est_credentials_forget (credentials, "other");
  g_assert_null (est_credentials_lookup (credentials, account, 30, NULL, NULL));

  est_credentials_forget (credentials, NULL);
  assert_found (credentials, account, "wrong");
  est_credentials_refuse (credentials, account, wrong);
  write_note ("right");
  assert_found (credentials, account, "right");
  g_free (read_note ("password"));
}

/* Without password-command and without a bus there is nobody to ask. */
static void
test_no_bus (void)
{
  g_autoptr (EstCredentials) credentials = est_credentials_new ();
  g_autoptr (EstAccount) account = account_with ("");
  g_autoptr (EstSecret) secret = est_secret_new ("pw", -1);
  const EstCredential credential = {"home", EST_CREDENTIAL_PASSWORD, NULL, NULL};
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&account->password_command, g_strfreev);
  g_assert_null (est_credentials_lookup (credentials, account, 30, NULL, &error));
  g_assert_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  g_assert_false (est_credentials_store (credentials, &credential, secret, 30, &error));
  g_assert_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  g_assert_false (
    est_credentials_remove (credentials, "home", EST_CREDENTIAL_ANY, 30, &error));
  g_assert_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_UNAVAILABLE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

int
main (int argc, char **argv)
{
  folder = g_dir_make_tmp ("estafeta-credentials-XXXXXX", NULL);
  /* Whatever bus this test is started on, it must not see it. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/credentials/commands", test_commands);
  g_test_add_func ("/account/credentials/largest", test_largest);
  g_test_add_func ("/account/credentials/missing-program", test_missing_program);
  g_test_add_func ("/account/credentials/limit", test_limit);
  g_test_add_func ("/account/credentials/cancel", test_cancel);
  g_test_add_func ("/account/credentials/cache", test_cache);
  g_test_add_func ("/account/credentials/failure-is-not-kept", test_failure_is_not_kept);
  g_test_add_func ("/account/credentials/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/account/credentials/waiting-is-limited", test_waiting_is_limited);
  g_test_add_func ("/account/credentials/forget-while-asking", test_forget_while_asking);
  g_test_add_func ("/account/credentials/refused", test_refused);
  g_test_add_func ("/account/credentials/no-bus", test_no_bus);
  int result = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return result;
}
