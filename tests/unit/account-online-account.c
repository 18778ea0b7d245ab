/* What GNOME Online Accounts say, and what becomes of it. */
#include "account/online-account.h"
#include "account/settings-parse.h"

#include <string.h>

typedef struct
{
  const char *title, *base, *mail, *rest; /* beside what all of them have */
  const char *told; /* "name host port security auth user token", NULL: not usable */
} Case;

#define SMTP     "'EmailAddress': <'a@example.org'>, 'SmtpSupported': <true>, "
#define PASSWORD "'org.gnome.OnlineAccounts.PasswordBased': @a{sv} {}"
#define TOKEN    "'org.gnome.OnlineAccounts.OAuth2Based': {'ClientId': <'x'>}"
#define AUTH     ", 'SmtpUseAuth': <true>, 'SmtpAuthPlain': <true>"

static const Case cases[] = {
  {"google",                  "",
   SMTP
   "'SmtpHost': <'smtp.gmail.com'>, 'SmtpUseSsl': <true>, 'SmtpUseTls': <true>, "
   "'SmtpUseAuth': <true>, 'SmtpAuthXoauth2': <true>, 'SmtpUserName': <'a@example.org'>",                               TOKEN,    "gnome-a@example.org smtp.gmail.com 465 tls auto a@example.org token"},
  {"starttls",                "",
   SMTP "'SmtpHost': <'h.example'>, 'SmtpUseTls': <true>, 'SmtpUserName': <'al'>" AUTH,
   PASSWORD,                                                                                                                      "gnome-a@example.org h.example 587 starttls auto al password"        },
  {"a port",                  "",
   SMTP "'SmtpHost': <'h.example:2465'>, 'SmtpUseSsl': <true>, 'SmtpUserName': <''>" AUTH,
   PASSWORD,                                                                                                                      "gnome-a@example.org h.example 2465 tls auto a@example.org password" },
  {"IPv6",                    "",                         SMTP "'SmtpHost': <'[::1]:25'>, 'SmtpUserName': <'al'>" AUTH, PASSWORD,
   "gnome-a@example.org ::1 25 none auto al password"                                                                                                                                                  },
  {"no encryption elsewhere", "",                         SMTP "'SmtpHost': <'h.example:25'>" AUTH,                     PASSWORD,
   "gnome-a@example.org h.example 25 starttls auto a@example.org password"                                                                                                                             },
  {"errors are not accepted", "",
   SMTP
   "'SmtpHost': <'h.example'>, 'SmtpUseSsl': <true>, 'SmtpAcceptSslErrors': <true>" AUTH,
   PASSWORD,                                                                                                                      "gnome-a@example.org h.example 465 tls auto a@example.org password"  },
  {"no sign-in",              "",
   SMTP "'SmtpHost': <'h.example'>, 'SmtpUseSsl': <true>, 'SmtpUseAuth': <false>",                                      "",
   "gnome-a@example.org h.example 465 tls none - password"                                                                                                                                             },
  {"a name that is none",     "",
   "'EmailAddress': <'a+b@example.org'>, 'SmtpSupported': <true>, 'SmtpHost': "
   "<'h.example'>, 'SmtpUseSsl': <true>" AUTH,
   PASSWORD,                                                                                                                      "gnome-account_1_0 h.example 465 tls auto a+b@example.org password"  },
  {"no SMTP",                 "",                         "'EmailAddress': <'a@example.org'>",                          TOKEN,    NULL                                                                 },
  {"mail is off",             ", 'MailDisabled': <true>",
   SMTP "'SmtpHost': <'h.example'>, 'SmtpUseSsl': <true>" AUTH,                                                         PASSWORD, NULL                                                                 },
  {"no secret",               "",                         SMTP "'SmtpHost': <'h.example'>, 'SmtpUseSsl': <true>" AUTH,  "",
   NULL                                                                                                                                                                                                },
  {"no address",              "",
   "'EmailAddress': <'nobody'>, 'SmtpSupported': <true>, 'SmtpHost': <'h.example'>" AUTH,
   PASSWORD,                                                                                                                      NULL                                                                 },
  {"a wildcard",              "",
   "'EmailAddress': <'*@example.org'>, 'SmtpSupported': <true>, 'SmtpHost': "
   "<'h.example'>" AUTH,
   PASSWORD,                                                                                                                      NULL                                                                 },
  {"no host",                 "",                         SMTP "'SmtpHost': <''>" AUTH,                                 PASSWORD, NULL                                                                 },
  {"a bad host",              "",                         SMTP "'SmtpHost': <'h example\n'>" AUTH,                      PASSWORD, NULL                                                                 },
  {"a bad port",              "",                         SMTP "'SmtpHost': <'h.example:99999'>" AUTH,                  PASSWORD, NULL                                                                 },
  {"wrong types",             "",
   "'EmailAddress': <7>, 'SmtpSupported': <'yes'>, 'SmtpHost': <true>" AUTH,                                            PASSWORD,
   NULL                                                                                                                                                                                                },
};

static GVariant *
make (const Case *c)
{
  g_autofree char *text = g_strdup_printf (
    "@a{sa{sv}} {'org.gnome.OnlineAccounts.Account': {'Id': <'account_1_0'>, "
    "'ProviderName': <'Google'>%s}, 'org.gnome.OnlineAccounts.Mail': {%s}%s%s}",
    c->base, c->mail, *c->rest != '\0' ? ", " : "", c->rest);
  g_autoptr (GError) error = NULL;
  GVariant *value = g_variant_parse (NULL, text, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_variant_ref_sink (value);
}

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].title);
      g_autoptr (GVariant) interfaces = make (&cases[i]);
      g_autoptr (EstAccount) a = est_online_account_read ("/account_1_0", interfaces);
      g_autofree char *told
        = a == NULL ? NULL
                    : g_strdup_printf ("%s %s %u %s %s %s %s", a->name, a->host, a->port,
                                       est_security_nick (a->security), a->auth,
                                       a->user != NULL ? a->user : "-",
                                       a->online->by_token ? "token" : "password");
      g_assert_cmpstr (told, ==, cases[i].told);
      g_assert_true (a == NULL || a->pins == NULL);
      g_assert_true (a == NULL || g_str_equal (a->online->provider, "Google"));
    }
}

typedef struct
{
  const char *file;
  guint count; /* of accounts, when one for a@example.org is joined */
} Join;

static const Join joins[] = {
  {"",                                                                         1},
  {"[online-accounts]\nuse=no\n",                                              0},
  {"[online-accounts]\nignore=b@example.org; A@Example.org\n",                 0},
  {"[online-accounts]\nignore=b@example.org\n",                                1},
  {"[account home]\naddresses=a@example.org\nhost=h.example\n",                1},
  {"[account home]\naddresses=*@example.org\nhost=h.example\nuser=a\n",        1},
  {"[account home]\naddresses=c@example.org\nhost=h.example\ndefault=yes\n",   2},
  {"[account gnome-a@example.org]\naddresses=c@example.org\nhost=h.example\n", 1},
};

static void
test_join (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (joins); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) interfaces = make (&cases[0]);
      g_autoptr (GPtrArray) online
        = g_ptr_array_new_with_free_func ((GDestroyNotify) est_account_unref);
      g_ptr_array_add (online, est_online_account_read ("/account_1_0", interfaces));
      g_autoptr (EstSettings) file
        = est_settings_parse (joins[i].file, strlen (joins[i].file), &error);
      g_assert_no_error (error);
      g_autoptr (EstSettings) joined = est_settings_join (file, online, FALSE);
      g_assert_cmpuint (joined->accounts->len, ==, joins[i].count);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/online-account/table", test_table);
  g_test_add_func ("/account/online-account/join", test_join);
  return g_test_run ();
}
