/* Tokens: their keys, their file whatever stands in it, and what they allow. */
#include "account/token-group.h"
#include "account/tokens.h"

#include "folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define SECRET "abcd-efgh-jkmn-pqrs-tuvw-xyz2"

/* The example of RFC 7677 3. */
#define SALT   "W22ZaJ0SNY7soEsUEjb6gQ=="
#define STORED "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
#define SERVER "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
#define KEYS   "salt=" SALT "\nrounds=4096\nstored-key=" STORED "\nserver-key=" SERVER "\n"

static void
test_keys (void)
{
  EstScramKeys known
    = {.salt = SALT, .rounds = 4096, .stored_key = STORED, .server_key = SERVER};
  g_assert_true (est_scram_keys_fit (&known, "pencil"));
  g_assert_false (est_scram_keys_fit (&known, "pencil "));
  g_assert_false (est_scram_keys_fit (&known, ""));

  g_auto (EstScramKeys) first = est_scram_keys_new (SECRET);
  g_auto (EstScramKeys) second = est_scram_keys_new (SECRET);
  g_assert_cmpstr (first.salt, !=, second.salt);
  g_assert_cmpstr (first.stored_key, !=, second.stored_key);
  g_assert_true (est_scram_keys_fit (&first, SECRET));
  g_assert_false (est_scram_keys_fit (&first, "pencil"));
}

static void
test_decoy (void)
{
  g_auto (EstScramKeys) first = est_scram_keys_decoy ("nobody");
  g_auto (EstScramKeys) again = est_scram_keys_decoy ("nobody");
  g_auto (EstScramKeys) other = est_scram_keys_decoy ("somebody");
  g_assert_cmpstr (first.salt, ==, again.salt);
  g_assert_cmpstr (first.salt, !=, other.salt);
  g_assert_cmpuint (first.rounds, ==, EST_SCRAM_ROUNDS);
  g_assert_cmpuint (strlen (first.salt), ==, strlen (SALT));
  g_assert_false (est_scram_keys_fit (&first, ""));
}

typedef struct
{
  const char *text;
  const char *complaint; /* all its words, divided by "|"; NULL: it is good */
} Text;

static const Text texts[] = {
  {"",                                                                                    NULL                       },
  {"# mine\n\n[token git]\n" KEYS,                                                        NULL                       },
  {"[token git]\n" KEYS "[token me@home]\n" KEYS,                                         NULL                       },
  {"[token git]\n" KEYS "senders=a@example.org; @example.net\naccounts=home\nper-day=3\n"
   "created=2026-11-23T14:05:00Z\n",                                                   NULL                       },
  {"[token git]\n",                                                                       "token git|missing"        },
  {"[token git]\nsalt=" SALT "\nrounds=4096\nstored-key=" STORED "\n",
   "token git|missing"                                                                                               },
  {"[token]\n" KEYS,                                                                      "token|[token NAME]"       },
  {"[token a b]\n" KEYS,                                                                  "a b|[token NAME]"         },
  {"[account home]\n" KEYS,                                                               "account home|[token NAME]"},
  {"[token git]\n" KEYS "[token git]\n" KEYS,                                             "second time"              },
  {"[token git]\n" KEYS "[token GIT]\n" KEYS,                                             "GIT|already"              },
  {"[token git]\n" KEYS "pasword=x\n",                                                    "no key|pasword"           },
  {"[token git]\n" KEYS "per-day=-1\n",                                                   "per-day"                  },
  {"[token git]\n" KEYS "per-day=1000001\n",                                              "per-day"                  },
  {"[token git]\n" KEYS "senders=a\n",                                                    "senders"                  },
  {"[token git]\n" KEYS "senders=@\n",                                                    "senders"                  },
  {"[token git]\n" KEYS "accounts=a b\n",                                                 "accounts"                 },
  {"[token git]\n" KEYS "created=yesterday\n",                                            "created"                  },
  {"[token git]\nsalt=" SALT "\nrounds=4095\nstored-key=" STORED "\nserver-key=" SERVER
   "\n",                                                                               "rounds"                   },
  {"[token git]\nsalt=" SALT "\nrounds=99999999\nstored-key=" STORED
   "\nserver-key=" SERVER "\n",
   "rounds"                                                                                                          },
  {"[token git]\nsalt=QUJD\nrounds=4096\nstored-key=" STORED "\nserver-key=" SERVER "\n",
   "salt"                                                                                                            },
  {"[token git]\nsalt=" SALT "\nrounds=4096\nstored-key=" SALT "\nserver-key=" SERVER
   "\n",                                                                               "stored-key"               },
  {"[token git]\nsalt=" SALT "\nrounds=4096\nstored-key=!" STORED "\nserver-key=" SERVER
   "\n",                                                                               "stored-key"               },
  {"salt=" SALT "\n",                                                                     "before the first"         },
  {"nonsense\n",                                                                          "Line 1"                   },
  {"[token git]\n\xff\n",                                                                 "Line 2|UTF-8"             },
};

static void
test_texts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) tokens
        = est_token_group_read_all (texts[i].text, strlen (texts[i].text), &error);
      g_assert_cmpint (tokens != NULL, ==, texts[i].complaint == NULL);
      if (tokens != NULL)
        continue;
      g_auto (GStrv) words = g_strsplit (texts[i].complaint, "|", -1);
      for (char **word = words; *word != NULL; word++)
        g_assert_nonnull (strstr (error->message, *word));
      g_assert_null (strstr (error->message, STORED));
    }
}

typedef struct
{
  const char *senders;
  const char *sender;
  gboolean allowed;
} Sender;

static const Sender senders[] = {
  {"",                           "a@example.org",        TRUE },
  {"a@example.org",              "A@Example.ORG",        TRUE },
  {"a@example.org",              "b@example.org",        FALSE},
  {"a@example.org",              "a@example.org.evil",   FALSE},
  {"@example.org",               "any@EXAMPLE.org",      TRUE },
  {"@example.org",               "a@sub.example.org",    FALSE},
  {"@example.org",               "a@notexample.org",     FALSE},
  {"@example.org",               "\"@example.org\"@x.y", FALSE},
  {"a@example.org @example.net", "b@example.net",        TRUE },
  {"a@example.org @example.net", "b@example.org",        FALSE},
};

static char **
split (const char *words)
{
  return *words != '\0' ? g_strsplit (words, " ", -1) : NULL;
}

static void
test_allows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (senders); i++)
    {
      EstTokenLimits limits = {.senders = split (senders[i].senders)};
      g_autoptr (EstToken) token = est_token_new ("t", SECRET, limits, 0);
      g_assert_cmpint (est_token_allows_sender (token, senders[i].sender), ==,
                       senders[i].allowed);
      g_assert_true (est_token_allows_account (token, "home"));
    }
  g_autoptr (EstToken) token
    = est_token_new ("t", SECRET, (EstTokenLimits){.accounts = split ("home")}, 0);
  g_assert_true (est_token_allows_account (token, "home"));
  g_assert_false (est_token_allows_account (token, "Home"));
}

static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *longer = g_strnfill (65, 'a');
  g_assert_true (est_token_name_is_valid ("git"));
  g_assert_true (est_token_name_is_valid ("me@example.org"));
  g_assert_true (est_token_name_is_valid (longest));
  g_assert_false (est_token_name_is_valid (longer));
  g_assert_false (est_token_name_is_valid (""));
  g_assert_false (est_token_name_is_valid ("a b"));
  g_assert_false (est_token_name_is_valid ("a\nb"));
  g_assert_false (est_token_name_is_valid ("\303\261"));
}

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("estafeta-tokens-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "estafeta", "tokens", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static gboolean
has (EstTokens *tokens, const char *name)
{
  g_autoptr (EstToken) token = NULL;
  return est_tokens_find (tokens, name, &token, NULL) && token != NULL;
}

static void
add (EstTokens *tokens, const char *name, EstTokenLimits limits)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstToken) token = est_token_new (name, SECRET, limits, 0);
  est_tokens_add (tokens, token, &error);
  g_assert_no_error (error);
}

/* What a person wrote beside it stays. */
static void
test_file (Fixture *fixture, gconstpointer data)
{
  GStatBuf status;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (EstTokens) tokens = est_tokens_new (fixture->path);
  g_assert_false (has (tokens, "git"));
  add (tokens, "git", (EstTokenLimits){.senders = split ("a@b.c @d.e"), .per_day = 7});
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_null (strstr (text, SECRET));
  g_autofree char *commented = g_strconcat ("# by hand\n\n", text, NULL);
  g_assert_true (g_file_set_contents_full (fixture->path, commented, -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  add (tokens, "cron", (EstTokenLimits){0});
  g_assert_true (
    est_tokens_change (tokens, "GIT", (EstTokenLimits){.per_day = 9}, &error));

  g_autoptr (EstTokens) again = est_tokens_new (fixture->path);
  g_autoptr (EstToken) git = NULL;
  g_assert_true (est_tokens_find (again, "Git", &git, &error));
  g_assert_cmpuint (git->limits.per_day, ==, 9);
  g_assert_true (est_token_allows_sender (git, "x@y.z"));
  g_assert_true (est_scram_keys_fit (&git->keys, SECRET));
  g_assert_true (has (again, "cron"));
  g_assert_true (est_tokens_remove (tokens, "git", &error));
  g_assert_false (has (tokens, "git"));
  g_assert_false (est_tokens_remove (tokens, "git", &error));
  g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME);

  g_autofree char *left = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &left, NULL, NULL));
  g_assert_true (g_str_has_prefix (left, "# by hand\n"));
  g_assert_null (strstr (left, "[token git]"));
}

static void
test_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstTokens) tokens = est_tokens_new (fixture->path);
  add (tokens, "git", (EstTokenLimits){0});
  g_autoptr (EstToken) other = est_token_new ("GIT", SECRET, (EstTokenLimits){0}, 0);
  g_assert_false (est_tokens_add (tokens, other, &error));
  g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME);
}

/* Nothing is believed, and nothing is built on it. */
static void
test_unsafe (Fixture *fixture, gconstpointer data)
{
  static const int modes[] = {0640, 0604, 0620, 0602};
  g_autoptr (EstToken) cron = est_token_new ("cron", SECRET, (EstTokenLimits){0}, 0);
  g_autoptr (EstTokens) first = est_tokens_new (fixture->path);
  add (first, "git", (EstTokenLimits){0});
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) refusal = NULL;
      g_autoptr (EstToken) token = NULL;
      g_assert_cmpint (g_chmod (fixture->path, modes[i]), ==, 0);
      g_autoptr (EstTokens) tokens = est_tokens_new (fixture->path);
      g_assert_false (est_tokens_find (tokens, "git", &token, &error));
      g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_UNSAFE);
      g_assert_null (token);
      g_assert_false (est_tokens_add (tokens, cron, &refusal));
      g_assert_error (refusal, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_UNSAFE);
    }
}

static void
test_broken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstTokens) tokens = est_tokens_new (fixture->path);
  add (tokens, "git", (EstTokenLimits){0});
  g_assert_true (g_file_set_contents_full (fixture->path, "[token git]\nx", -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  g_autoptr (EstToken) cron = est_token_new ("cron", SECRET, (EstTokenLimits){0}, 0);
  g_assert_false (est_tokens_add (tokens, cron, &error));
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "[token git]\nx");
}

static gboolean
on_late (gpointer late)
{
  return *(gboolean *) late = TRUE;
}

/* Another program, or its person, writes the file. */
static void
test_watched (Fixture *fixture, gconstpointer data)
{
  gboolean late = FALSE;
  g_autoptr (EstTokens) tokens = est_tokens_new (fixture->path);
  g_autoptr (EstTokens) other = est_tokens_new (fixture->path);
  add (other, "git", (EstTokenLimits){0});
  guint timer = g_timeout_add_seconds (10, on_late, &late);
  while (!has (tokens, "git") && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (has (tokens, "git"));
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  while (has (tokens, "git") && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (timer);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    {"/account/tokens/file",    test_file   },
    {"/account/tokens/twice",   test_twice  },
    {"/account/tokens/unsafe",  test_unsafe },
    {"/account/tokens/broken",  test_broken },
    {"/account/tokens/watched", test_watched},
  };
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL); /* warnings are expected here */
  g_test_add_func ("/account/tokens/keys", test_keys);
  g_test_add_func ("/account/tokens/decoy", test_decoy);
  g_test_add_func ("/account/tokens/texts", test_texts);
  g_test_add_func ("/account/tokens/allows", test_allows);
  g_test_add_func ("/account/tokens/names", test_names);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
