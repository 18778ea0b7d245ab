/* The settings file: what is good, what is refused and with which words, whose file is
   believed, and that the program's own edits leave the person's text alone. */
#include "account/settings-parse.h"
#include "account/settings.h"
#include "base/user.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACCOUNT "[account home]\naddresses=me@example.org\nhost=smtp.example.org\n"

static char *folder;

static char *
path_in_folder (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static char *
write_file (const char *text, gssize length)
{
  char *path = path_in_folder ("estafeta.conf");
  g_assert_true (g_file_set_contents_full (path, text, length,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  return path;
}

static EstSettings *
load_text (const char *text, GError **error)
{
  g_autofree char *path = write_file (text, -1);
  return est_settings_load (path, error);
}

static EstSettings *
load_good (const char *text)
{
  g_autoptr (GError) error = NULL;
  EstSettings *settings = load_text (text, &error);
  g_assert_no_error (error);
  return settings;
}

static void
test_defaults (void)
{
  g_autofree char *path = path_in_folder ("none/such.conf");
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSettings) settings = est_settings_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (settings->accounts->len, ==, 0);
  g_assert_cmpstr (settings->submission.listen[0], ==, "127.0.0.1:2525");
  g_assert_cmpstr (settings->submission.listen[1], ==, "[::1]:2525");
  g_assert_null (settings->submission.listen[2]);
  g_assert_null (settings->submission.listen_tls[0]);
  g_assert_false (settings->submission.starttls);
  g_assert_false (settings->submission.scram);
  g_assert_cmpuint (settings->submission.connections, ==, 64);
  g_assert_cmpuint (settings->submission.recipients, ==, 2000);
  g_assert_cmpuint (settings->submission.size, ==, 150 * 1024 * 1024);
  g_assert_cmpuint (settings->submission.command_seconds, ==, 300);
  g_assert_cmpuint (settings->submission.data_seconds, ==, 3600);
  g_assert_cmpuint (settings->submission.users->len, ==, 0);
  g_assert_cmpuint (settings->delivery.connect_seconds, ==, 30);
  g_assert_cmpuint (settings->delivery.greeting_seconds, ==, 300);
  g_assert_cmpuint (settings->delivery.command_seconds, ==, 300);
  g_assert_cmpuint (settings->delivery.data_seconds, ==, 120);
  g_assert_cmpuint (settings->delivery.block_seconds, ==, 180);
  g_assert_cmpuint (settings->delivery.final_seconds, ==, 600);
  g_assert_cmpuint (settings->delivery.keyring_seconds, ==, 60);
  g_assert_cmpuint (settings->delivery.keep_seconds, ==, 10);
  g_assert_cmpuint (settings->delivery.first_retry_seconds, ==, 60);
  g_assert_cmpuint (settings->delivery.longest_retry_seconds, ==, 3600);
  g_assert_cmpuint (settings->delivery.warning_seconds, ==, 4 * 3600);
  g_assert_cmpuint (settings->delivery.give_up_seconds, ==, 5 * 24 * 3600);
  g_assert_cmpuint (settings->outbox.journal_days, ==, 30);
  g_assert_null (est_settings_route (settings, "me@example.org"));
  g_assert_cmpint (est_settings_permission (settings, "snap:x"), ==, EST_PERMISSION_ASK);
  g_assert_cmpint (est_settings_permission (settings, NULL), ==, EST_PERMISSION_ASK);
}

static void
test_every_key (void)
{
  g_autoptr (EstSettings) settings = load_good (
    "# mine\r\n[submission]\r\nlisten = 127.0.0.9:25; [::1]:26 ;\r\n"
    "listen-tls=127.0.0.9:26;[::1]:465\nstarttls=yes\nscram=yes\n"
    "connections=3\nrecipients=4\nsize=5 MiB\ncommand=6\ndata=7\n"
    "[delivery]\nconnect=1\ngreeting=2\ncommand=3\ndata=4\nblock=5\nfinal=6\n"
    "keyring=7\nkeep=0\nfirst-retry=8\nlongest-retry=9\nwarning=10\ngive-up=11\n");
  g_assert_cmpstr (settings->submission.listen[0], ==, "127.0.0.9:25");
  g_assert_cmpstr (settings->submission.listen[1], ==, "[::1]:26");
  g_assert_null (settings->submission.listen[2]);
  g_assert_cmpstr (settings->submission.listen_tls[0], ==, "127.0.0.9:26");
  g_assert_cmpstr (settings->submission.listen_tls[1], ==, "[::1]:465");
  g_assert_null (settings->submission.listen_tls[2]);
  g_assert_true (settings->submission.starttls);
  g_assert_true (settings->submission.scram);
  g_assert_cmpuint (settings->submission.connections, ==, 3);
  g_assert_cmpuint (settings->submission.recipients, ==, 4);
  g_assert_cmpuint (settings->submission.size, ==, 5 * 1024 * 1024);
  g_assert_cmpuint (settings->submission.command_seconds, ==, 6);
  g_assert_cmpuint (settings->submission.data_seconds, ==, 7);
  g_assert_cmpuint (settings->delivery.connect_seconds, ==, 1);
  g_assert_cmpuint (settings->delivery.greeting_seconds, ==, 2);
  g_assert_cmpuint (settings->delivery.command_seconds, ==, 3);
  g_assert_cmpuint (settings->delivery.data_seconds, ==, 4);
  g_assert_cmpuint (settings->delivery.block_seconds, ==, 5);
  g_assert_cmpuint (settings->delivery.final_seconds, ==, 6);
  g_assert_cmpuint (settings->delivery.keyring_seconds, ==, 7);
  g_assert_cmpuint (settings->delivery.keep_seconds, ==, 0);
  g_assert_cmpuint (settings->delivery.first_retry_seconds, ==, 8);
  g_assert_cmpuint (settings->delivery.longest_retry_seconds, ==, 9);
  g_assert_cmpuint (settings->delivery.warning_seconds, ==, 10);
  g_assert_cmpuint (settings->delivery.give_up_seconds, ==, 11);
}

/* What the settings do not say is not 0, which is a word, too. */
static void
test_budget (void)
{
  g_autoptr (EstSettings) settings
    = load_good (ACCOUNT "messages-per-minute=1\nmessages-per-hour=2147483647\n"
                         "recipients-per-minute=0\nrecipients-per-day=6\n");
  EstAccount *account = est_settings_find (settings, "home");
  static const EstBudget said = {
    {1, G_MAXINT, -1},
    {0, -1,       6 }
  };
  for (EstSpan span = 0; span < EST_N_SPANS; span++)
    {
      g_assert_cmpint (account->budget.messages[span], ==, said.messages[span]);
      g_assert_cmpint (account->budget.recipients[span], ==, said.recipients[span]);
    }
}

static void
test_account (void)
{
  g_autoptr (EstSettings) settings
    = load_good ("[account a.b-c_d@e]\naddresses=me@example.org; Other@Example.NET\n"
                 "host=bücher.example\nport=2465\nsecurity=TLS\nauth=scram-sha-256\n"
                 "user=CORP\\me\nca-file=~/ca.pem\ndefault=yes\n"
                 "password-command=pass show 'my mail'\nconnections=20\n");
  EstAccount *account = est_settings_find (settings, "a.b-c_d@e");
  g_assert_nonnull (account);
  g_assert_null (est_settings_find (settings, "a"));
  g_assert_cmpstr (account->addresses[1], ==, "Other@Example.NET");
  g_assert_null (account->addresses[2]);
  g_assert_cmpstr (account->host, ==, "xn--bcher-kva.example");
  g_assert_cmpuint (account->port, ==, 2465);
  g_assert_cmpint (account->security, ==, EST_SECURITY_TLS);
  g_assert_cmpstr (account->auth, ==, "SCRAM-SHA-256");
  g_assert_cmpstr (account->user, ==, "CORP\\me");
  g_assert_true (g_path_is_absolute (account->ca_file));
  g_assert_true (g_str_has_suffix (account->ca_file, "/ca.pem"));
  g_assert_cmpstr (account->password_command[0], ==, "pass");
  g_assert_cmpstr (account->password_command[2], ==, "my mail");
  g_assert_null (account->password_command[3]);
  g_assert_true (account->is_default);
  g_assert_cmpuint (account->connections, ==, 20);
  g_assert_cmpint (est_account_claim (account, "OTHER@example.net"), ==,
                   EST_CLAIM_ADDRESS);
  g_assert_cmpint (est_account_claim (account, "no@example.net"), ==, EST_CLAIM_DEFAULT);
}

static void
test_large_and_later (void)
{
  g_autoptr (EstSettings) settings
    = load_good ("[account a]\naddresses=a@x.example\nhost=h.example\n"
                 "[account b]\naddresses=b@x.example\nhost=h.example\ntoo-large=Hold\n"
                 "future-release=yes\n"
                 "[account c]\naddresses=c@x.example\nhost=h.example\ntoo-large=fail\n");
  static const char *const names[] = {"a", "b", "c"};
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const EstAccount *account = est_settings_find (settings, names[i]);
      g_assert_cmpint (account->hold_too_large, ==, i == 1);
      g_assert_cmpint (account->future_release, ==, i == 1);
    }
}

static const struct
{
  const char *keys;
  EstSecurity security;
  guint port;
  const char *nick;
} securities[] = {
  {"",                                     EST_SECURITY_TLS,      465,  "tls"     },
  {"security=tls\n",                       EST_SECURITY_TLS,      465,  "tls"     },
  {"security=starttls\n",                  EST_SECURITY_STARTTLS, 587,  "starttls"},
  {"security=starttls\nport=25\n",         EST_SECURITY_STARTTLS, 25,   "starttls"},
  {"security=none\nhost=LocalHost\n",      EST_SECURITY_NONE,     25,   "none"    },
  {"security=none\nhost=127.255.0.1\n",    EST_SECURITY_NONE,     25,   "none"    },
  {"security=none\nhost=::1\nport=2500\n", EST_SECURITY_NONE,     2500, "none"    },
};

static void
test_securities (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (securities); i++)
    {
      const char *host
        = strstr (securities[i].keys, "host=") != NULL ? "" : "host=smtp.example.org\n";
      g_autofree char *text = g_strdup_printf (
        "[account x]\naddresses=me@example.org\n%s%s", host, securities[i].keys);
      g_autoptr (EstSettings) settings = load_good (text);
      EstAccount *account = est_settings_find (settings, "x");
      g_assert_cmpint (account->security, ==, securities[i].security);
      g_assert_cmpuint (account->port, ==, securities[i].port);
      g_assert_cmpstr (est_security_nick (account->security), ==, securities[i].nick);
      g_assert_cmpstr (account->auth, ==, "auto");
      g_assert_cmpstr (account->user, ==, "me@example.org");
      g_assert_null (account->ca_file);
      g_assert_null (account->password_command);
      g_assert_cmpuint (account->connections, ==, 0);
    }
}

typedef struct
{
  const char *keys, *proxy;
  guint32 relay_user;
} Passage;

static const Passage passages[] = {
  {"",                                           "system",                EST_USER_UNKNOWN},
  {"proxy=System\n",                             "system",                EST_USER_UNKNOWN},
  {"proxy=NONE\n",                               "none",                  EST_USER_UNKNOWN},
  {"proxy = socks5://me:pw@p:1080 \n",           "socks5://me:pw@p:1080", EST_USER_UNKNOWN},
  {"proxy=http://[::1]:3128\nrelay-user=4711\n", "http://[::1]:3128",     4711            },
  {"relay-user=root\n",                          "system",                0               },
};

static void
test_passages (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (passages); i++)
    {
      g_autofree char *text = g_strconcat (ACCOUNT, passages[i].keys, NULL);
      g_autoptr (EstSettings) settings = load_good (text);
      EstAccount *account = est_settings_find (settings, "home");
      g_assert_cmpstr (account->proxy, ==, passages[i].proxy);
      g_assert_cmpuint (account->relay_user, ==, passages[i].relay_user);
    }
}

static void
test_no_sign_in (void)
{
  g_autoptr (EstSettings) settings = load_good (ACCOUNT "auth=None\nuser=me\n");
  EstAccount *account = est_settings_find (settings, "home");
  g_assert_cmpstr (account->auth, ==, "none");
  g_assert_null (account->user);
}

static void
test_route (void)
{
  g_autoptr (EstSettings) settings
    = load_good (ACCOUNT "default=no\n[account work]\naddresses=me@work.example\n"
                         "host=smtp.work.example\ndefault=true\n");
  static const struct
  {
    const char *sender;
    const char *account;
  } routes[] = {
    {"me@example.org",   "home"},
    {"Me@Example.Org",   "home"},
    {"me@work.example",  "work"},
    {"me+x@example.org", "home"},
    {"me+x@b.example",   "work"},
    {"you@else.example", "work"},
    {"",                 "work"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    g_assert_cmpstr (est_settings_route (settings, routes[i].sender)->name, ==,
                     routes[i].account);
}

/* One address beats a whole domain, whatever stands first; a domain beats the default. */
static void
test_whole_domains (void)
{
  g_autoptr (EstSettings) settings = load_good (
    "[account club]\naddresses=*@club.example; *@b\xc3\xbc"
    "cher.example\nhost=h.example\n"
    "user=me\ndefault=yes\n"
    "[account chair]\naddresses=*@other.example; chair@club.example\nhost=h.example\n");
  static const struct
  {
    const char *sender;
    const char *account;
  } routes[] = {
    {"chair@club.example",       "chair"},
    {"CHAIR@Club.Example",       "chair"},
    {"anybody@club.example",     "club" },
    {"any+tag@CLUB.example",     "club" },
    {"chair+tag@club.example",   "chair"},
    {"me@xn--bcher-kva.example", "club" },
    {"me@B\xc3\x9c"
     "cher.example",        "club" },
    {"me@other.example",         "chair"},
    {"me@below.other.example",   "club" },
    {"me@another.example",       "club" },
    {"",                         "club" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    g_assert_cmpstr (est_settings_route (settings, routes[i].sender)->name, ==,
                     routes[i].account);
  g_assert_cmpstr (est_settings_find (settings, "chair")->user, ==, "chair@club.example");
  g_assert_cmpstr (est_settings_find (settings, "club")->user, ==, "me");
}

/* An account whose relay would be ourselves. */
static void
test_loops (void)
{
  static const struct
  {
    const char *host;
    guint port;
    const char *place; /* NULL: it is somebody else */
  } cases[] = {
    {"127.0.0.1",        2525, "127.0.0.1:2525"},
    {"LocalHost",        2525, "127.0.0.1:2525"},
    {"0.0.0.0",          2525, "127.0.0.1:2525"},
    {"::1",              2525, "[::1]:2525"    },
    {"localhost",        2600, "127.0.0.1:2600"},
    {"localhost",        2526, NULL            },
    {"127.0.0.2",        2525, NULL            },
    {"smtp.example.org", 2525, NULL            },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text
        = g_strdup_printf ("[account home]\naddresses=me@example.org\nhost=%s\nport=%u\n"
                           "[submission]\nlisten-tls=127.0.0.1:2600\n",
                           cases[i].host, cases[i].port);
      g_autoptr (EstSettings) settings = est_settings_parse (text, strlen (text), &error);
      g_assert_cmpint (settings == NULL, ==, cases[i].place != NULL);
      if (cases[i].place == NULL)
        continue;
      g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE);
      g_assert_nonnull (strstr (error->message, cases[i].place));
      g_assert_nonnull (strstr (error->message, "[account home]"));
    }
}

#define SYNTAX EST_SETTINGS_ERROR_SYNTAX
#define VALUE  EST_SETTINGS_ERROR_VALUE

static const struct
{
  const char *text;
  int code;
  const char *words; /* parts of the message, separated by "|" */
} bad[] = {
  {"hello\n",                                                                           SYNTAX, "Line 1|[group]|key=value"                 },
  {"\n\n; note\n",                                                                      SYNTAX, "Line 3|comment after #"                   },
  {"a=b\n",                                                                             SYNTAX, "Line 1|before the first"                  },
  {"[delivery]\nconnect=1\nconnect=2\n",                                                SYNTAX, "Line 3|\"connect\"|second time"           },
  {"[delivery]\n[submission]\n[delivery]\n",                                            SYNTAX, "Line 3|[delivery]|second time"            },
  {"[delivery\n",                                                                       SYNTAX, "Line 1|neither"                           },
  {"[delivery]\n=1\n",                                                                  SYNTAX, "Line 2"                                   },
  {"[delivery]\n# \xff\n",                                                              SYNTAX, "Line 2|UTF-8"                             },

  {"[delivry]\n",                                                                       VALUE,  "[delivry]|mean [delivery]"                },
  {"[submisson]\n",                                                                     VALUE,  "mean [submission]"                        },
  {"[acount home]\n",                                                                   VALUE,  "mean [account home]"                      },
  {"[account]\n",                                                                       VALUE,  "[account]|mean [account NAME]"            },
  {"[tls]\n",                                                                           VALUE,  "[tls]|[submission], [delivery]"           },
  {"[account ]\naddresses=a@b.example\n",                                               VALUE,  "[account ]|1 to 64"                       },
  {"[account a b]\n",                                                                   VALUE,  "[account a b]|letters"                    },
  {"[account \xc3\xa9]\n",                                                              VALUE,  "letters"                                  },

  {"[delivery]\nconect=1\n",                                                            VALUE,  "[delivery]|\"conect\"|mean \"connect\""   },
  {"[delivery]\nsomething-else=1\n",                                                    VALUE,  "no key \"something-else\"."               },
  {"[delivery]\nconnect=0\n",                                                           VALUE,  "connect|from 1 to 86400|\"0\""            },
  {"[delivery]\nconnect=1.5\n",                                                         VALUE,  "whole number|\"1.5\""                     },
  {"[delivery]\nconnect=-1\n",                                                          VALUE,  "\"-1\""                                   },
  {"[delivery]\nconnect=\n",                                                            VALUE,  "\"\""                                     },
  {"[delivery]\nconnect=30s\n",                                                         VALUE,  "\"30s\""                                  },
  {"[delivery]\ngive-up=99999999999999999999\n",                                        VALUE,  "[delivery], give-up|31622400"             },
  {"[delivery]\nkeep=301\n",                                                            VALUE,  "[delivery], keep|from 0 to 300|\"301\""   },
  {"[delivery]\nkeep=-1\n",                                                             VALUE,  "keep|\"-1\""                              },
  {ACCOUNT "connections=0\n",                                                           VALUE,  "connections|from 1 to 20|\"0\""           },
  {ACCOUNT "connections=21\n",                                                          VALUE,  "connections|from 1 to 20|\"21\""          },
  {ACCOUNT "connections=all\n",                                                         VALUE,  "connections|\"all\""                      },
  {"[delivery]\nfirst-retry=7200\n",                                                    VALUE,  "first-retry (7200)|longest-retry (3600)"  },
  {"[outbox]\njournal=0\n",                                                             VALUE,  "journal|36500"                            },
  {"[outbox]\nkeep=3\n",                                                                VALUE,  "keep"                                     },
  {ACCOUNT "messages-per-hour=-1\n",                                                    VALUE,
   "[account home], messages-per-hour|from 0 to 2147483647|\"-1\""                                                                         },
  {ACCOUNT "recipients-per-day=2147483648\n",                                           VALUE,  "recipients-per-day|2147483647"            },
  {ACCOUNT "messages-per-minute=\n",                                                    VALUE,  "messages-per-minute|\"\""                 },
  {ACCOUNT "messages-per-minute=many\n",                                                VALUE,  "messages-per-minute|\"many\""             },
  {ACCOUNT "messages-per-week=5\n",                                                     VALUE,  "messages-per-week"                        },
  {"[submission]\nconnections=1025\n",                                                  VALUE,  "[submission], connections|1024"           },
  {"[submission]\nsize=10 MB\n",                                                        VALUE,  "size|150 MiB|\"10 MB\""                   },
  {"[submission]\nsize=1\n",                                                            VALUE,  "1024"                                     },
  {"[submission]\nsize=99999999999 G\n",                                                VALUE,  "size|99999999999 G"                       },
  {"[submission]\nsize=-5M\n",                                                          VALUE,  "-5M"                                      },
  {"[submission]\nlisten=0.0.0.0:2525\n",                                               VALUE,  "listen|loopback|\"0.0.0.0:2525\""         },
  {"[submission]\nlisten=192.0.2.1:2525\n",                                             VALUE,  "192.0.2.1"                                },
  {"[submission]\nusers=no-such-user\n",                                                VALUE,
   "[submission], users|login names|\"no-such-user\""                                                                                      },
  {"[submission]\nusers=33;-1\n",                                                       VALUE,  "\"-1\""                                   },
  {"[submission]\nusers=4294967295\n",                                                  VALUE,  "4294967295"                               },
  {"[submission]\nusers=33, 34\n",                                                      VALUE,  "separated by \";\"|\"33, 34\""            },
  {"[submission]\nusers=33\ntoken-users=34;33\n",                                       VALUE,
   "token-users|\"33\"|in users as well"                                                                                                   },
  {"[submission]\ntoken-users=34;33\nusers=33\n",                                       VALUE,
   "users|\"33\"|in token-users as well"                                                                                                   },
  {"[submission]\ntoken-user=33\n",                                                     VALUE,  "mean \"token-users\""                     },
  {"[submission]\nlisten=127.0.0.1\n",                                                  VALUE,  "with a port"                              },
  {"[submission]\nlisten=127.0.0.1:0\n",                                                VALUE,  "127.0.0.1:0"                              },
  {"[submission]\nlisten=::1:2525\n",                                                   VALUE,  "[::1]:2525"                               },
  {"[submission]\nlisten=localhost:2525\n",                                             VALUE,  "localhost"                                },
  {"[submission]\nlisten=:2525\n",                                                      VALUE,  "\":2525\""                                },
  {"[submission]\nlisten-tls=[::]:2465\n",                                              VALUE,  "listen-tls|loopback|\"[::]:2465\""        },
  {"[submission]\nlisten-tls=127.0.0.1:2525\n",                                         VALUE,
   "listen and listen-tls|127.0.0.1:2525"                                                                                                  },
  {"[submission]\nlisten=[0::1]:25\nlisten-tls=127.0.0.1:25;[::1]:025\n",               VALUE,
   "listen-tls both have [::1]:025"                                                                                                        },
  {"[submission]\nstarttls=maybe\n",                                                    VALUE,  "starttls|yes or no|\"maybe\""             },
  {"[submission]\nlisten=[:2525\n",                                                     VALUE,  "\"[:2525\""                               },

  {"[app]\n",                                                                           VALUE,  "mean [apps]"                              },
  {"[apps]\nflatpak:a=ask\n",                                                           VALUE,  "[apps], flatpak:a|allow or refuse|\"ask\""},
  {"[apps]\nflatpak:a=\n",                                                              VALUE,  "allow or refuse"                          },
  {"[apps]\nflatpack:a=allow\n",                                                        VALUE,  "[apps]|mean \"flatpak:a\"?"               },
  {"[apps]\norg.example.App=allow\n",                                                   VALUE,  "org.example.App|flatpak:, snap: or"       },
  {"[apps]\nprogram:mutt=refuse\n",                                                     VALUE,  "program:mutt"                             },
  {"[apps]\nsnap:=allow\n",                                                             VALUE,  "\"snap:\""                                },
  {"[apps]\nsnap:a b=allow\n",                                                          VALUE,  "snap:a b"                                 },
  {"[apps]\nsnap:a=allow\nsnap:a=refuse\n",                                             SYNTAX, "Line 3|\"snap:a\"|second time"            },

  {"[account home]\nhost=h.example\n",                                                  VALUE,  "[account home]|addresses is missing"      },
  {"[account home]\naddresses=me@example.org\n",                                        VALUE,  "[account home]|host is missing"           },
  {"[account home]\naddresses=\n",                                                      VALUE,  "addresses|at least one"                   },
  {"[account home]\naddresses=*@x.example\nhost=h\n",                                   VALUE,
   "user is missing|whole domains"                                                                                                         },
  {"[account home]\naddresses=*@\n",                                                    VALUE,  "addresses|\"*@\""                         },
  {ACCOUNT "[account b]\naddresses=*@x.example\nhost=h\nuser=u\n[account "
           "c]\naddresses=me@c.example; *@X.example\nhost=h\n",                      VALUE,  "both have|*@X.example"                    },
  {"[account home]\naddresses=me\n",                                                    VALUE,  "addresses|\"me\""                         },
  {"[account home]\naddresses=a@x.example, b@x.example\n",                              VALUE,  "separated by \";\""                       },
  {ACCOUNT "adress=x\n",                                                                VALUE,  "\"adress\"|mean \"addresses\""            },
  {ACCOUNT "pasword-command=x\n",                                                       VALUE,  "mean \"password-command\""                },
  {ACCOUNT "host=x\n",                                                                  SYNTAX, "Line 4|\"host\""                          },
  {ACCOUNT "port=70000\n",                                                              VALUE,  "port|1 to 65535|\"70000\""                },
  {ACCOUNT "security=ssl\n",                                                            VALUE,  "security|tls, starttls or none|ssl"       },
  {ACCOUNT "security=none\n",                                                           VALUE,  "security=none|this machine|starttls"      },
  {ACCOUNT "auth=oauth\n",                                                              VALUE,  "auth|SCRAM-SHA-256|oauth"                 },
  {ACCOUNT "user=\n",                                                                   VALUE,  "user|empty"                               },
  {ACCOUNT "ca-file=ca.pem\n",                                                          VALUE,  "ca-file|starts with /|ca.pem"             },
  {ACCOUNT "pin=\n",                                                                    VALUE,  "pin|at least one"                         },
  {ACCOUNT "pin=;;\n",                                                                  VALUE,  "pin|at least one"                         },
  {ACCOUNT "pin=sha256:AAAA\n",                                                         VALUE,  "pin|sha256:|base64|\"sha256:AAAA\""       },
  {ACCOUNT "pin=md5:00\n",                                                              VALUE,  "pin|sha256:|\"md5:00\""                   },
  {ACCOUNT "dane=perhaps\n",                                                            VALUE,  "dane|yes or no"                           },
  {ACCOUNT "ca-file=\n",                                                                VALUE,  "ca-file"                                  },
  {ACCOUNT "proxy=\n",                                                                  VALUE,  "proxy|system, none|socks5://"             },
  {ACCOUNT "proxy=https://me:hunter2@p:443\n",                                          VALUE,  "proxy|system, none|http"                  },
  {ACCOUNT "proxy=socks5://me:hunter2@\n",                                              VALUE,  "proxy|system, none"                       },
  {ACCOUNT "relay-user=no such user\n",                                                 VALUE,  "relay-user|\"no such user\""              },
  {ACCOUNT "relay-user=\n",                                                             VALUE,  "relay-user|\"\""                          },
  {ACCOUNT "too-large=keep\n",                                                          VALUE,  "too-large|hold or fail|keep"              },
  {ACCOUNT "too-large=\n",                                                              VALUE,  "too-large"                                },
  {ACCOUNT "future-release=soon\n",                                                     VALUE,  "future-release|yes or no|soon"            },
  {ACCOUNT "default=maybe\n",                                                           VALUE,  "default|yes or no|maybe"                  },
  {ACCOUNT "password-command=\n",                                                       VALUE,  "password-command|empty"                   },
  {ACCOUNT "password-command=a 'hunter2\n",                                             VALUE,  "password-command|quotation mark"          },
  {ACCOUNT "password=hunter2\n",                                                        VALUE,  "\"password\"|keyring|password-command"    },
  {"[account h]\naddresses=a@b.example\nhost=h.example:587\n",                          VALUE,
   "host|port|h.example:587"                                                                                                               },
  {"[account h]\naddresses=a@b.example\nhost=a b\n",                                    VALUE,  "host|\"a b\""                             },
  {"[account h]\naddresses=a@b.example\nhost=\n",                                       VALUE,  "host|\"\""                                },
  {"[account h]\naddresses=a@b.example\nhost=localhost.evil.example\nsecurity=none\n",
   VALUE,                                                                                       "this machine"                             },
  {ACCOUNT "[account b]\naddresses=x@b.example;ME@example.org\nhost=h.example\n",       VALUE,
   "[account home]|[account b]|ME@example.org"                                                                                             },
  {ACCOUNT
   "default=yes\n[account b]\naddresses=x@b.example\nhost=h.example\ndefault=yes\n", VALUE,  "[account home]|[account b]|default=yes"   },
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *shown = g_strescape (bad[i].text, NULL);
      g_test_message ("%s", shown);
      g_autoptr (EstSettings) settings = load_text (bad[i].text, &error);
      g_assert_null (settings);
      g_assert_error (error, EST_SETTINGS_ERROR, bad[i].code);
      g_test_message ("-> %s", error->message);
      g_auto (GStrv) words = g_strsplit (bad[i].words, "|", -1);
      for (char **word = words; *word != NULL; word++)
        g_assert_nonnull (strstr (error->message, *word));
      g_assert_null (strstr (error->message, "hunter2"));
      g_assert_true (g_str_has_suffix (error->message, ".")
                     || g_str_has_suffix (error->message, "?"));
    }
}

static void
assert_unsafe (const char *path, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (est_settings_load (path, &error));
  g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_UNSAFE);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_unsafe_mode (void)
{
  static const struct
  {
    int mode;
    gboolean good;
  } modes[] = {
    {0600, TRUE },
    {0644, TRUE },
    {0400, TRUE },
    {0660, FALSE},
    {0602, FALSE}
  };
  g_autofree char *path = write_file (ACCOUNT, -1);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_assert_no_errno (g_chmod (path, modes[i].mode));
      if (!modes[i].good)
        {
          assert_unsafe (path, "chmod go-w");
          continue;
        }
      g_autoptr (EstSettings) settings = est_settings_load (path, NULL);
      g_assert_nonnull (settings);
    }
}

static void
test_unsafe_kind (void)
{
  g_autofree char *fifo = path_in_folder ("fifo");
  g_assert_no_errno (mkfifo (fifo, 0600));
  assert_unsafe (fifo, "regular file");
  assert_unsafe (folder, "regular file");
  if (geteuid () == 0)
    {
      g_autofree char *foreign = write_file ("", 0);
      g_assert_no_errno (chown (foreign, 4711, 4711));
      assert_unsafe (foreign, "another user");
      g_assert_no_errno (g_unlink (foreign));
    }
}

static void
test_size (void)
{
  g_autofree char *text = g_strnfill (1024 * 1024 + 1, '#');
  g_autofree char *path = write_file (text, 1024 * 1024);
  g_autoptr (EstSettings) settings = est_settings_load (path, NULL);
  g_assert_nonnull (settings);
  g_free (write_file (text, 1024 * 1024 + 1));
  assert_unsafe (path, "1 MiB");
}

static void
test_zero_octet (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = write_file (ACCOUNT "\0[account evil]\n", sizeof ACCOUNT + 15);
  g_assert_null (est_settings_load (path, &error));
  g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_SYNTAX);
}

static GHashTable *
make_values (const char *first, ...)
{
  GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);
  va_list arguments;
  va_start (arguments, first);
  for (const char *key = first; key != NULL; key = va_arg (arguments, const char *))
    g_hash_table_insert (values, (gpointer) key, va_arg (arguments, char *));
  va_end (arguments);
  return values;
}

static void
assert_text (const char *path, const char *expected)
{
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

#define ADDED                                                                            \
  "[account new]\naddresses=new@example.org; n@example.net\nhost=h.example\n"            \
  "security=starttls\n"

static const struct
{
  const char *before;
  const char *between; /* what stands before the new group; NULL: before and a line */
  const char *after;   /* after the removal; NULL: as before */
} edits[] = {
  {"",                                                                          "",                               NULL},
  {"# mine\n\n" ACCOUNT "# end",                                                "# mine\n\n" ACCOUNT "# end\n\n",
   "# mine\n\n" ACCOUNT "# end\n"                                                                                     },
  {"# all of this\n[delivery]\n  connect = 3\n\n\n# h\n" ACCOUNT "#port=587\n", NULL,
   NULL                                                                                                               },
  {"# nothing yet\n",                                                           NULL,                             NULL},
};

static void
test_round_trip (void)
{
  g_autoptr (GHashTable) values
    = make_values ("host", "h.example", "addresses", "new@example.org; n@example.net",
                   "security", "starttls", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = write_file (edits[i].before, -1);
      g_assert_true (est_settings_add_account (path, "new", values, &error));
      g_autofree char *expected = edits[i].between != NULL
                                    ? g_strconcat (edits[i].between, ADDED, NULL)
                                    : g_strconcat (edits[i].before, "\n", ADDED, NULL);
      assert_text (path, expected);

      g_assert_true (est_settings_remove_account (path, "new", &error));
      assert_text (path, edits[i].after != NULL ? edits[i].after : edits[i].before);
    }
}

static const struct
{
  const char *before;
  const char *after;
} cuts[] = {
  {ACCOUNT,                                                              ""                                },
  {"# top\n" ACCOUNT "\n[delivery]\nconnect=1\n",                        "# top\n\n[delivery]\nconnect=1\n"},
  {"# top\n\n# of home\n" ACCOUNT "\n# of delivery\n[delivery]\n",
   "# top\n\n# of delivery\n[delivery]\n"                                                                  },
  {"[delivery]\n\n[account home]\n# "
   "note\naddresses=a@b.example\n\nhost=h.example\n\n[submission]\n", "[delivery]\n\n[submission]\n"    },
};

static void
test_cut (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = write_file (cuts[i].before, -1);
      est_settings_remove_account (path, "home", &error);
      g_assert_no_error (error);
      assert_text (path, cuts[i].after);
    }
}

static void
test_new_file (void)
{
  g_autoptr (GHashTable) values
    = make_values ("host", "h.example", "addresses", "new@example.org", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *own_folder = path_in_folder ("fresh");
  g_autofree char *path = g_build_filename (own_folder, "estafeta.conf", NULL);
  g_assert_true (est_settings_add_account (path, "new", values, &error));

  struct stat status;
  g_assert_no_errno (stat (path, &status));
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  g_assert_no_errno (stat (own_folder, &status));
  g_assert_cmpint (status.st_mode & 07777, ==, 0700);
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rmdir (own_folder));
}

static void
test_symbolic_link (void)
{
  g_autoptr (GHashTable) values
    = make_values ("host", "h.example", "addresses", "new@example.org", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = write_file ("# kept elsewhere\n", -1);
  g_autofree char *link = path_in_folder ("link.conf");
  g_assert_no_errno (symlink (path, link));
  g_assert_true (est_settings_add_account (link, "new", values, &error));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_autoptr (EstSettings) settings = est_settings_load (path, &error);
  g_assert_nonnull (est_settings_find (settings, "new"));
}

static const struct
{
  const char *name;
  const char *key;
  const char *value;
  int code;
} refused[] = {
  {"home", "port",      "25",                     EST_SETTINGS_ERROR_NAME },
  {"a b",  "port",      "25",                     EST_SETTINGS_ERROR_VALUE},
  {"",     "port",      "25",                     EST_SETTINGS_ERROR_VALUE},
  {"a]\n", "port",      "25",                     EST_SETTINGS_ERROR_VALUE},
  {"new",  "port",      "0",                      EST_SETTINGS_ERROR_VALUE},
  {"new",  "prot",      "25",                     EST_SETTINGS_ERROR_VALUE},
  {"new",  "user",      "x\npassword-command=sh", EST_SETTINGS_ERROR_VALUE},
  {"new",  "user",      "x\rpassword-command=sh", EST_SETTINGS_ERROR_VALUE},
  {"new",  "a=b",       "c",                      EST_SETTINGS_ERROR_VALUE},
  {"new",  "p\nq",      "c",                      EST_SETTINGS_ERROR_VALUE},
  {"new",  "[x]",       "c",                      EST_SETTINGS_ERROR_VALUE},
  {"new",  "addresses", "me@example.org",         EST_SETTINGS_ERROR_VALUE},
};

static void
test_refused_edits (void)
{
  g_autofree char *path = write_file (ACCOUNT, -1);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GHashTable) values
        = make_values ("host", "h.example", "addresses", "new@example.org", NULL);
      g_hash_table_insert (values, (gpointer) refused[i].key,
                           (gpointer) refused[i].value);
      g_assert_false (est_settings_add_account (path, refused[i].name, values, &error));
      g_assert_error (error, EST_SETTINGS_ERROR, refused[i].code);
      assert_text (path, ACCOUNT);
    }

  g_autoptr (GError) error = NULL;
  g_assert_false (est_settings_remove_account (path, "none", &error));
  g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME);
  assert_text (path, ACCOUNT);
}

static void
test_broken_stays (void)
{
  g_autoptr (GHashTable) values
    = make_values ("host", "h.example", "addresses", "new@example.org", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = write_file ("[delivry]\n", -1);
  g_assert_false (est_settings_add_account (path, "new", values, &error));
  g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE);
  assert_text (path, "[delivry]\n");
}

static void
test_apps (void)
{
  g_autoptr (EstSettings) settings
    = load_good ("[apps]\n# chat\nflatpak:org.example.Chat = Allow\nsnap:mailer=refuse\n"
                 "container:web_1.2-x=allow\n");
  g_assert_cmpuint (g_hash_table_size (settings->apps), ==, 3);
  g_assert_cmpint (est_settings_permission (settings, "flatpak:org.example.Chat"), ==,
                   EST_PERMISSION_ALLOW);
  g_assert_cmpint (est_settings_permission (settings, "snap:mailer"), ==,
                   EST_PERMISSION_REFUSE);
  g_assert_cmpint (est_settings_permission (settings, "container:web_1.2-x"), ==,
                   EST_PERMISSION_ALLOW);
  g_assert_cmpint (est_settings_permission (settings, "flatpak:org.example"), ==,
                   EST_PERMISSION_ASK);
}

#define ALLOW  EST_PERMISSION_ALLOW
#define REFUSE EST_PERMISSION_REFUSE
#define ASK    EST_PERMISSION_ASK

static const struct
{
  const char *before;
  const char *program;
  EstPermission permission;
  const char *after;
} answers[] = {
  {"",                                                         "snap:a",          ALLOW,  "[apps]\nsnap:a=allow\n"                },
  {"# mine",                                                   "snap:a",          REFUSE, "# mine\n\n[apps]\nsnap:a=refuse\n"     },
  {"# mine\n",                                                 "snap:a",          ASK,    "# mine\n"                              },
  {"[apps]\nsnap:a=allow\n",                                   "snap:a",          REFUSE, "[apps]\nsnap:a=refuse\n"               },
  {"[apps]\n snap:a = allow \n",                               "snap:a",          ALLOW,  "[apps]\n snap:a = allow \n"            },
  {"[apps]\n# b\n snap:b =allow\n# end",                       "snap:b",          ASK,    "[apps]\n# b\n# end"                    },
  {"[apps]\nsnap:a=allow",                                     "snap:b",          ALLOW,  "[apps]\nsnap:a=allow\nsnap:b=allow"    },
  {"[apps]\nsnap:a=allow\n\n# of it\n[delivery]\nconnect=1\n", "flatpak:org.x.Y", ALLOW,
   "[apps]\nsnap:a=allow\nflatpak:org.x.Y=allow\n\n# of it\n[delivery]\nconnect=1\n"                                              },
  {"[delivery]\n\n[apps]\n",                                   "snap:a",          ALLOW,  "[delivery]\n\n[apps]\nsnap:a=allow\n"  },
  {"[apps]\nsnap:ab=allow\n",                                  "snap:a",          REFUSE, "[apps]\nsnap:ab=allow\nsnap:a=refuse\n"},
};

static void
test_permit (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = write_file (answers[i].before, -1);
      est_settings_permit (path, answers[i].program, answers[i].permission, &error);
      g_assert_no_error (error);
      assert_text (path, answers[i].after);
      g_autoptr (EstSettings) settings = est_settings_load (path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (est_settings_permission (settings, answers[i].program), ==,
                       answers[i].permission);
    }
}

static void
test_permit_nobody (void)
{
  static const char *const names[]
    = {"",         "mailer", "app:mailer", "snap:",         "snap:a\nb",
       "snap:a=b", "snap:[", "snap:a b",   "snap:\xc3\xa9", "[account x]"};
  g_autofree char *filling = g_strnfill (300, 'x');
  g_autofree char *endless = g_strconcat ("snap:", filling, NULL);
  g_autofree char *path = write_file (ACCOUNT, -1);
  for (guint i = 0; i <= G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      const char *name = i < G_N_ELEMENTS (names) ? names[i] : endless;
      g_assert_false (est_settings_permit (path, name, ALLOW, &error));
      g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME);
      assert_text (path, ACCOUNT);
    }
}

#define PIN "sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const struct
{
  const char *before, *after;
} pinned[] = {
  {"# mine\n" ACCOUNT "\n# theirs\n[outbox]\njournal=3\n",
   "# mine\n" ACCOUNT "pin=" PIN "\n\n# theirs\n[outbox]\njournal=3\n"},
  {ACCOUNT "pin=sha256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=\n# mine\nport=9\n",
   ACCOUNT "pin=" PIN "\n# mine\nport=9\n"                            },
};

static void
test_pin (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pinned); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = write_file (pinned[i].before, -1);
      est_settings_set_pin (path, "home", PIN, &error);
      g_assert_no_error (error);
      assert_text (path, pinned[i].after);
      g_autoptr (EstSettings) settings = est_settings_load (path, &error);
      g_assert_cmpstr (est_settings_find (settings, "home")->pins[0], ==, PIN);
      g_assert_null (est_settings_find (settings, "home")->pins[1]);

      g_assert_false (est_settings_set_pin (path, "nobody", PIN, &error));
      g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME);
      g_clear_error (&error);
      g_assert_false (est_settings_set_pin (path, "home", "sha256:x\nhost=evil", &error));
      g_assert_nonnull (error);
      assert_text (path, pinned[i].after);
    }
}

static const struct
{
  const char *before, *chosen, *forgotten;
} listening[] = {
  {"",                                                                    "[submission]\nlisten=127.0.0.1:2526;[::1]:2526\n", ""},
  {"# mine\n\n" ACCOUNT,
   "# mine\n\n" ACCOUNT "\n[submission]\nlisten=127.0.0.1:2526;[::1]:2526\n",
   "# mine\n\n" ACCOUNT                                                                                                         },
  {"[submission]\n# at home\nlisten = 127.0.0.1:25\nsize=1M\n\n" ACCOUNT,
   "[submission]\n# at home\nlisten=127.0.0.1:2526;[::1]:2526\nsize=1M\n\n" ACCOUNT,
   "[submission]\n# at home\nsize=1M\n\n" ACCOUNT                                                                               },
  {"[submission]\n# not yet\n" ACCOUNT,
   "[submission]\nlisten=127.0.0.1:2526;[::1]:2526\n# not yet\n" ACCOUNT,
   "[submission]\n# not yet\n" ACCOUNT                                                                                          },
};

/* What was written is taken back without a trace, and nothing else with it. */
static void
test_listen (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (listening); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = write_file (listening[i].before, -1);
      est_settings_set_listen (path, "127.0.0.1:2526;[::1]:2526", &error);
      g_assert_no_error (error);
      assert_text (path, listening[i].chosen);
      g_autoptr (EstSettings) settings = est_settings_load (path, &error);
      g_assert_true (settings->submission.listen_said);
      g_assert_cmpstr (settings->submission.listen[1], ==, "[::1]:2526");

      g_assert_false (est_settings_set_listen (path, "192.0.2.1:25", &error));
      g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE);
      g_clear_error (&error);
      assert_text (path, listening[i].chosen);
      g_assert_true (est_settings_set_listen (path, NULL, &error));
      assert_text (path, listening[i].forgotten);
      g_autoptr (EstSettings) after = est_settings_load (path, &error);
      g_assert_false (after->submission.listen_said);
      g_assert_cmpstr (after->submission.listen[0], ==, "127.0.0.1:2525");
    }
}

static void
empty_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = path_in_folder (name);
      g_remove (path);
    }
  g_rmdir (folder);
}

static void
assert_user (GArray *users, guint index, guint32 uid, const char *name, gboolean sign_in)
{
  const EstUser *user = &g_array_index (users, EstUser, index);
  g_assert_cmpuint (user->uid, ==, uid);
  g_assert_cmpstr (user->name, ==, name);
  g_assert_cmpint (user->must_sign_in, ==, sign_in);
}

/* By name and by number, once each; numbers need no user; ourselves need no leave. */
static void
test_users (void)
{
  g_autofree char *self = g_strdup_printf ("%u", (guint) geteuid ());
  g_autofree char *text = g_strdup_printf (
    "[submission]\nusers= nobody ;4000000000;;4000000000;%s\ntoken-users=4000000001\n",
    self);
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSettings) settings = est_settings_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  GArray *users = settings->submission.users;
  g_assert_cmpuint (users->len, ==, 3);
  assert_user (users, 0, est_user_find ("nobody"), "nobody", FALSE);
  assert_user (users, 1, 4000000000u, "4000000000", FALSE);
  assert_user (users, 2, 4000000001u, "4000000001", TRUE);

  g_autofree char *own = g_strdup_printf ("[submission]\ntoken-users=%s\n", self);
  g_assert_null (est_settings_parse (own, strlen (own), &error));
  g_assert_nonnull (strstr (error->message, "need not sign in"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("estafeta-settings-XXXXXX", NULL);
  g_test_add_func ("/account/settings/defaults", test_defaults);
  g_test_add_func ("/account/settings/every-key", test_every_key);
  g_test_add_func ("/account/settings/users", test_users);
  g_test_add_func ("/account/settings/account", test_account);
  g_test_add_func ("/account/settings/budget", test_budget);
  g_test_add_func ("/account/settings/large-and-later", test_large_and_later);
  g_test_add_func ("/account/settings/securities", test_securities);
  g_test_add_func ("/account/settings/no-sign-in", test_no_sign_in);
  g_test_add_func ("/account/settings/passages", test_passages);
  g_test_add_func ("/account/settings/route", test_route);
  g_test_add_func ("/account/settings/loops", test_loops);
  g_test_add_func ("/account/settings/whole-domains", test_whole_domains);
  g_test_add_func ("/account/settings/bad", test_bad);
  g_test_add_func ("/account/settings/unsafe-mode", test_unsafe_mode);
  g_test_add_func ("/account/settings/unsafe-kind", test_unsafe_kind);
  g_test_add_func ("/account/settings/size", test_size);
  g_test_add_func ("/account/settings/zero-octet", test_zero_octet);
  g_test_add_func ("/account/settings/round-trip", test_round_trip);
  g_test_add_func ("/account/settings/cut", test_cut);
  g_test_add_func ("/account/settings/new-file", test_new_file);
  g_test_add_func ("/account/settings/symbolic-link", test_symbolic_link);
  g_test_add_func ("/account/settings/refused-edits", test_refused_edits);
  g_test_add_func ("/account/settings/broken-stays", test_broken_stays);
  g_test_add_func ("/account/settings/apps", test_apps);
  g_test_add_func ("/account/settings/permit", test_permit);
  g_test_add_func ("/account/settings/permit-nobody", test_permit_nobody);
  g_test_add_func ("/account/settings/pin", test_pin);
  g_test_add_func ("/account/settings/listen", test_listen);
  int result = g_test_run ();
  empty_folder ();
  g_free (folder);
  return result;
}
