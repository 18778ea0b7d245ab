/* prefs.js as Thunderbird writes it, and as it should not be. */
#include "candidates.h"

#include "web/prefs.h"
#include "web/programs.h"

#define PREF(name, value) "user_pref(\"" name "\", " value ");\n"
#define ME                PREF ("mail.identity.id1.useremail", "\"you@example.org\"")
#define MINE              ME PREF ("mail.identity.id1.smtpServer", "\"smtp1\"")
#define SERVER(key, host, port, kind, way)                                               \
  PREF ("mail.smtpserver." key ".hostname", "\"" host "\"")                              \
  PREF ("mail.smtpserver." key ".port", port)                                            \
  PREF ("mail.smtpserver." key ".try_ssl", kind)                                         \
  PREF ("mail.smtpserver." key ".authMethod", way)                                       \
  PREF ("mail.smtpserver." key ".username", "\"you\"")

/* clang-format off */
static const struct
{
  const char *what;
  const char *text;
  const char *found;
} cases[] = {
  {"ordinary", MINE SERVER ("smtp1", "smtp.example.org", "465", "3", "3"), "smtp.example.org:465 tls auto password you"},
  {"STARTTLS", MINE SERVER ("smtp1", "smtp.example.org", "587", "2", "4"), "smtp.example.org:587 starttls auto password you"},
  {"STARTTLS if offered", MINE SERVER ("smtp1", "smtp.example.org", "587", "1", "3"), "smtp.example.org:587 starttls auto password you"},
  {"OAuth2", MINE SERVER ("smtp1", "smtp.example.org", "465", "3", "10"), "smtp.example.org:465 tls auto oauth you"},
  {"a ticket", MINE SERVER ("smtp1", "smtp.example.org", "465", "3", "5"), "smtp.example.org:465 tls GSSAPI none you"},
  {"no sign-in", MINE SERVER ("smtp1", "smtp.example.org", "465", "3", "1"), "smtp.example.org:465 tls none none you"},
  {"NTLM", MINE SERVER ("smtp1", "smtp.example.org", "465", "3", "6"), ""},
  {"no TLS", MINE SERVER ("smtp1", "smtp.example.org", "25", "0", "3"), ""},
  {"not told whether TLS", MINE PREF ("mail.smtpserver.smtp1.hostname", "\"smtp.example.org\""), ""},
  {"the usual port", MINE PREF ("mail.smtpserver.smtp1.hostname", "\"smtp.example.org\"") PREF ("mail.smtpserver.smtp1.try_ssl", "3"),
   "smtp.example.org:465 tls auto password -"},
  {"a port that cannot be", MINE SERVER ("smtp1", "smtp.example.org", "70000", "3", "3"), "smtp.example.org:465 tls auto password you"},
  {"the usual server", ME PREF ("mail.smtp.defaultserver", "\"smtp2\"") SERVER ("smtp2", "two.example.org", "465", "3", "3"),
   "two.example.org:465 tls auto password you"},
  {"no server", ME SERVER ("smtp1", "smtp.example.org", "465", "3", "3"), ""},
  {"another's", PREF ("mail.identity.id1.useremail", "\"me@example.org\"") PREF ("mail.identity.id1.smtpServer", "\"smtp1\"")
   SERVER ("smtp1", "smtp.example.org", "465", "3", "3"), ""},
  {"capitals", PREF ("mail.identity.id9.useremail", "\"YOU@Example.org\"") PREF ("mail.identity.id9.smtpServer", "\"smtp1\"")
   SERVER ("smtp1", "SMTP.Example.org", "465", "3", "3"), "smtp.example.org:465 tls auto password you"},
  {"two identities, one way", MINE PREF ("mail.identity.id2.useremail", "\"you@example.org\"") PREF ("mail.identity.id2.smtpServer", "\"smtp1\"")
   SERVER ("smtp1", "smtp.example.org", "465", "3", "3"), "smtp.example.org:465 tls auto password you"},
  {"this machine", MINE SERVER ("smtp1", "localhost", "2525", "3", "3"), ""},
  {"this machine's address", MINE SERVER ("smtp1", "127.0.0.1", "2525", "2", "3"), ""},
  {"Exchange", MINE SERVER ("smtp1", "smtp.example.org", "465", "3", "3") PREF ("mail.smtpserver.smtp1.type", "\"ews\""), ""},
  {"the later line counts", MINE SERVER ("smtp1", "old.example.org", "465", "3", "3") PREF ("mail.smtpserver.smtp1.hostname", "\"new.example.org\""),
   "new.example.org:465 tls auto password you"},
  {"escapes", MINE SERVER ("smtp1", "smtp\\u002eexample\\x2eorg", "465", "3", "3"), "smtp.example.org:465 tls auto password you"},
  {"a control", MINE SERVER ("smtp1", "smtp.example.org\\nuser_pref", "465", "3", "3"), ""},
  {"comments and rubbish", "// Mozilla\n/* user_pref(\"a\") */\nuser_pref(\nuser_pref(\"mail.x\", \n" MINE "  user_pref(\"mail.smtp\", 1);\n"
   SERVER ("smtp1", "smtp.example.org", "465", "3", "3"), "smtp.example.org:465 tls auto password you"},
  {"nothing", "", ""},
};
/* clang-format on */

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].what);
      g_autoptr (GHashTable) prefs = est_prefs_parse (cases[i].text, "mail.");
      g_autoptr (GPtrArray) list = est_thunderbird_read (prefs, "you@example.org");
      g_autofree char *shown = show_candidates (list);
      g_assert_cmpstr (shown, ==, cases[i].found);
    }
}

static void
test_long_value (void)
{
  g_autofree char *long_text = g_strnfill (5000, 'a');
  g_autofree char *text
    = g_strdup_printf ("user_pref(\"mail.a\", \"%s\");\nuser_pref(\"mail.b\", true);\n"
                       "user_pref(\"other\", 1);\nuser_pref(\"mail.c\", \"\xff\");\n",
                       long_text);
  g_autoptr (GHashTable) prefs = est_prefs_parse (text, "mail.");
  g_assert_cmpuint (g_hash_table_size (prefs), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (prefs, "mail.b"), ==, "true");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/thunderbird/cases", test_cases);
  g_test_add_func ("/web/thunderbird/long-value", test_long_value);
  return g_test_run ();
}
