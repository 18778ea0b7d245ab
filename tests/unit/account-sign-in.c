/* How an account signs in, as the settings say it: which words are known, what has to go
   together, what token-command may print, and how long a secret is kept. */
#include "account/credentials.h"
#include "account/secret-cache.h"
#include "account/settings.h"
#include "base/clock.h"

#include <glib/gstdio.h>
#include <string.h>

#define ACCOUNT "[account home]\naddresses=me@example.org\nhost=smtp.example.org\n"

static char *folder;

static EstSettings *
load (const char *keys, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "estafeta.conf", NULL);
  g_autofree char *text = g_strconcat (ACCOUNT, keys, NULL);
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                           0600, NULL));
  EstSettings *settings = est_settings_load (path, error);
  g_unlink (path);
  return settings;
}

static const struct
{
  const char *keys;
  const char *auth;
  const char *user; /* NULL: whoever the certificate or ticket is for */
  gboolean token;
} good[] = {
  {"",                                                 "auto",               "me@example.org", FALSE},
  {"token-command=tell home\n",                        "auto",               "me@example.org", TRUE },
  {"token-command=tell home\nauth=plain\n",            "PLAIN",              "me@example.org", FALSE},
  {"token-command=tell home\nauth=XOAuth2\nuser=u\n",  "XOAUTH2",            "u",              TRUE },
  {"token-command=tell home\nauth=oauthbearer\n",      "OAUTHBEARER",        "me@example.org", TRUE },
  {"token-command=tell home\nauth=none\n",             "none",               NULL,             FALSE},
  {"auth=scram-sha-256-plus\n",                        "SCRAM-SHA-256-PLUS", "me@example.org", FALSE},
  {"auth=scram-sha-1-plus\n",                          "SCRAM-SHA-1-PLUS",   "me@example.org", FALSE},
  {"auth=gssapi\n",                                    "GSSAPI",             NULL,             FALSE},
  {"auth=gssapi\nuser=u\n",                            "GSSAPI",             "u",              FALSE},
  {"certificate=/a.pem\nauth=external\n",              "EXTERNAL",           NULL,             FALSE},
  {"certificate=/a.pem\nauth=external\nuser=u\n",      "EXTERNAL",           "u",              FALSE},
  {"certificate=/a.pem\nkey=/b.pem\n",                 "auto",               "me@example.org", FALSE},
  {"certificate=~/a.pem\nkey=~/b.pem\n",               "auto",               "me@example.org", FALSE},
  {"certificate=pkcs11:token=a;object=b\n",            "auto",               "me@example.org", FALSE},
  {"certificate=pkcs11:object=b?pin-source=file:/p\n", "auto",               "me@example.org", FALSE},
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", good[i].keys);
      g_autoptr (EstSettings) settings = load (good[i].keys, &error);
      g_assert_no_error (error);
      const EstAccount *account = est_settings_find (settings, "home");
      g_assert_cmpstr (account->auth, ==, good[i].auth);
      g_assert_cmpstr (account->user, ==, good[i].user);
      g_assert_cmpint (est_account_uses_token (account), ==, good[i].token);
    }
}

static void
test_home (void)
{
  g_autoptr (EstSettings) settings = load ("certificate=~/a.pem\nkey=~/b.pem\n", NULL);
  const EstAccount *account = est_settings_find (settings, "home");
  g_autofree char *certificate = g_build_filename (g_get_home_dir (), "a.pem", NULL);
  g_autofree char *key = g_build_filename (g_get_home_dir (), "b.pem", NULL);
  g_assert_cmpstr (account->certificate, ==, certificate);
  g_assert_cmpstr (account->key, ==, key);
}

static const struct
{
  const char *keys;
  const char *words; /* of the complaint, divided by "|" */
} bad[] = {
  {"auth=NTLM\n",                                                 "auth|EXTERNAL or GSSAPI|NTLM"},
  {"auth=OAUTHBEARER\n",                                          "token-command is missing"    },
  {"auth=XOAUTH2\npassword-command=x\n",                          "token-command is missing"    },
  {"auth=EXTERNAL\n",                                             "certificate is missing"      },
  {"key=/a.pem\n",                                                "certificate is missing"      },
  {"token-command=\n",                                            "token-command|empty"         },
  {"token-command=x 'hunter2\n",                                  "token-command|quotation mark"},
  {"token=hunter2\n",                                             "\"token\"|never stands"      },
  {"certificate=a.pem\n",                                         "certificate|starts with /"   },
  {"key=\n",                                                      "key"                         },
  {"certificate=pkcs11:object=a?pin-value=hunter2\n",             "certificate|PIN|pin-source"  },
  {"certificate=/a.pem\nkey=pkcs11:object=a?pin-value=hunter2\n", "key|PIN|pin-source"          },
};

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", bad[i].keys);
      g_assert_null (load (bad[i].keys, &error));
      g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE);
      g_auto (GStrv) words = g_strsplit (bad[i].words, "|", -1);
      for (char **word = words; *word != NULL; word++)
        g_assert_nonnull (strstr (error->message, *word));
      g_assert_null (strstr (error->message, "hunter2"));
      g_assert_true (g_str_has_suffix (error->message, "."));
    }
}

/* Without encryption nobody sees a certificate, and it would see to nothing. */
static void
test_certificate_in_the_clear (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, "estafeta.conf", NULL);
  g_assert_true (g_file_set_contents_full (
    path,
    "[account home]\naddresses=me@example.org\nhost=localhost\nsecurity=none\n"
    "certificate=/a.pem\n",
    -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  g_assert_null (est_settings_load (path, &error));
  g_assert_nonnull (strstr (error->message, "with encryption only"));
  g_unlink (path);
}

static const struct
{
  const char *script;
  const char *token; /* NULL: fails */
  const char *words;
} outputs[] = {
  {"echo ya29.a-b_c~d+e/f==",             "ya29.a-b_c~d+e/f==", NULL              },
  {"printf hunter2",                      "hunter2",            NULL              },
  {"printf 'hunter2 \\r\\n'",             "hunter2",            NULL              },
  {"echo hunter2; echo expires 3600",     "hunter2",            NULL              },
  {"true",                                NULL,                 "no token"        },
  {"echo; echo hunter2",                  NULL,                 "no token"        },
  {"echo hunter2 more",                   NULL,                 "something else"  },
  {"printf 'hun\\001ter2\\n'",            NULL,                 "something else"  },
  {"printf 'hun\\0ter2\\n'",              NULL,                 "something else"  },
  {"printf 'hunter2\\303\\244\\n'",       NULL,                 "something else"  },
  {"echo hunter2; echo gone >&2; exit 3", NULL,                 "status 3: gone"  },
  {"yes hunter2",                         NULL,                 "more than 64 KiB"},
};

static void
test_outputs (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (outputs); i++)
    {
      char *argv[] = {(char *) "sh", (char *) "-c", (char *) outputs[i].script, NULL};
      EstAccount account
        = {.name = (char *) "home", .auth = (char *) "auto", .token_command = argv};
      g_autoptr (EstCredentials) credentials = est_credentials_new ();
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", outputs[i].script);
      g_autoptr (EstSecret) token
        = est_credentials_lookup (credentials, &account, 30, NULL, &error);
      g_assert_cmpstr (token != NULL ? est_secret_peek (token) : NULL, ==,
                       outputs[i].token);
      if (outputs[i].token != NULL)
        continue;
      g_assert_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_COMMAND);
      g_assert_true (g_str_has_prefix (error->message, "token-command "));
      g_assert_nonnull (strstr (error->message, outputs[i].words));
      g_assert_null (strstr (error->message, "hunter2"));
    }
}

static gboolean
is_kept (EstSecretCache *cache, const char *account)
{
  guint age;
  g_autoptr (EstSecret) secret = est_secret_cache_get (cache, account, &age);
  return secret != NULL;
}

/* Each has a time of its own, and goes when that is over although nobody asks. */
static void
test_times (void)
{
  EstSecretCache *cache = est_secret_cache_new ();
  g_autoptr (EstSecret) secret = est_secret_new ("hunter2", -1);
  guint age;
  g_assert_null (est_secret_cache_get (cache, "short", &age));
  est_secret_cache_keep (cache, "long", secret, 3000, age);
  est_secret_cache_keep (cache, "short", secret, 1, age);
  g_assert_true (is_kept (cache, "short"));
  gint64 patience = est_clock_steady () + 20 * G_USEC_PER_SEC;
  while (is_kept (cache, "short") && est_clock_steady () < patience)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (is_kept (cache, "short"));
  g_assert_true (is_kept (cache, "long"));
  est_secret_cache_free (cache);
}

int
main (int argc, char **argv)
{
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("estafeta-XXXXXX", NULL);
  g_test_add_func ("/account/sign-in/good", test_good);
  g_test_add_func ("/account/sign-in/home", test_home);
  g_test_add_func ("/account/sign-in/bad", test_bad);
  g_test_add_func ("/account/sign-in/certificate-in-the-clear",
                   test_certificate_in_the_clear);
  g_test_add_func ("/account/sign-in/outputs", test_outputs);
  g_test_add_func ("/account/sign-in/times", test_times);
  int result = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return result;
}
