/* What providers publish about themselves, and what liars would. */
#include "web/autoconfig.h"

#include <string.h>

#define BEGIN                                                                            \
  "<?xml version=\"1.0\"?>\n<clientConfig version=\"1.1\"><emailProvider id=\"x\">"
#define END "</emailProvider></clientConfig>"

#define SERVER(host, port, kind, more)                                                   \
  "<outgoingServer type=\"smtp\"><hostname>" host "</hostname><port>" port               \
  "</port><socketType>" kind "</socketType>" more "</outgoingServer>"
#define PASSWORD "<authentication>password-cleartext</authentication>"
#define OAUTH    "<authentication>OAuth2</authentication>"

typedef struct
{
  const char *what;
  const char *xml;
  const char *found; /* "host:port security auth secret user", joined by ", "; NULL: it is
                        no answer at all */
} Case;

/* Documents as macros are more than clang-format bears. */
/* clang-format off */
static const Case cases[] = {
  {"an ordinary one",
   BEGIN "<incomingServer type=\"imap\"><hostname>imap.example.org</hostname></incomingServer>" SERVER (
     "smtp.example.org", "465", "SSL", "<username>%EMAILADDRESS%</username>" PASSWORD) END,
   "smtp.example.org:465 tls auto password you@example.org"                                                  },
  {"the local part, the domain, blanks around",
   BEGIN SERVER (" smtp.%EMAILDOMAIN%\n", "\n587 ", " STARTTLS ",
                 "<username> %EMAILLOCALPART% </username>" PASSWORD) END,
   "smtp.example.org:587 starttls auto password you"                                                         },
  {"TLS from the first octet comes first",
   BEGIN SERVER ("a.example.org", "587", "STARTTLS", PASSWORD)
     SERVER ("b.example.org", "465", "SSL", PASSWORD)
       SERVER ("c.example.org", "465", "SSL", PASSWORD) END,
   "b.example.org:465 tls auto password -, c.example.org:465 tls auto password -, "
   "a.example.org:587 starttls auto password -"                                                              },
  {"OAuth2 alone",                        BEGIN SERVER ("a.example.org", "465", "SSL", OAUTH) END,
   "a.example.org:465 tls auto oauth -"                                                                   },
  {"OAuth2 or a password",                BEGIN SERVER ("a.example.org", "465", "SSL", OAUTH PASSWORD) END,
   "a.example.org:465 tls auto oauth-or-app-password -"                                                      },
  {"what we cannot do is skipped",
   BEGIN SERVER ("a.example.org", "465", "SSL",
                 "<authentication>TLS-client-cert</authentication>"
                 "<authentication>password-encrypted</authentication>") END,
   "a.example.org:465 tls auto password -"                                                                   },
  {"a ticket",
   BEGIN SERVER ("a.example.org", "465", "SSL", "<authentication>GSSAPI</authentication>") END,
   "a.example.org:465 tls GSSAPI none -"                                                                     },
  {"no sign-in",
   BEGIN SERVER ("a.example.org", "465", "SSL",
                 "<authentication>client-IP-address</authentication>") END,
   "a.example.org:465 tls none none -"                                                                       },
  {"no way that we know",
   BEGIN SERVER ("a.example.org", "465", "SSL", "<authentication>magic</authentication>") END,               ""},
  {"no encryption",                       BEGIN SERVER ("a.example.org", "25", "plain", PASSWORD) END,       ""},
  {"encryption not told",
   BEGIN "<outgoingServer type=\"smtp\"><hostname>a.example.org</hostname>"
         "<port>465</port>" PASSWORD "</outgoingServer>" END,
   ""                                                                                                        },
  {"another protocol",
   BEGIN "<outgoingServer type=\"exchange\"><hostname>a.example.org</hostname><port>465</port>"
         "<socketType>SSL</socketType>" PASSWORD "</outgoingServer>" END,
   ""                                                                                                        },
  {"our own machine",                     BEGIN SERVER ("localhost", "465", "SSL", PASSWORD) END,            ""},
  {"below localhost",                     BEGIN SERVER ("a.localhost", "465", "SSL", PASSWORD) END,          ""},
  {"an address",                          BEGIN SERVER ("127.0.0.1", "465", "SSL", PASSWORD) END,            ""},
  {"an address in disguise",              BEGIN SERVER ("0x7f.1", "465", "SSL", PASSWORD) END,               ""},
  {"a name with a line break",            BEGIN SERVER ("a.example.org&#10;x", "465", "SSL", PASSWORD) END,  ""},
  {"a port that cannot be",               BEGIN SERVER ("a.example.org", "65536", "SSL", PASSWORD) END,      ""},
  {"a negative port",                     BEGIN SERVER ("a.example.org", "-465", "SSL", PASSWORD) END,       ""},
  {"a user with a control",
   BEGIN SERVER ("a.example.org", "465", "SSL", "<username>a&#27;[2Jb</username>" PASSWORD) END,             ""},
  {"a placeholder that nobody knows",
   BEGIN SERVER ("a.example.org", "465", "SSL", "<username>%EMAILSHOE%</username>" PASSWORD) END,            ""},
  {"nothing for outgoing mail",           BEGIN END,                                                         ""},
  {"a page instead",                      "<html><body>Welcome</body></html>",                               NULL},
  {"broken off",                          BEGIN "<outgoingServer type=\"smtp\"><hostname>a.exa",             NULL},
  {"no XML",                              "{\"smtp\": 1}",                                                   NULL},
  {"nothing",                             "",                                                                NULL},
  {"entities that grow",
   "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" BEGIN SERVER (
     "&b;.example.org", "465", "SSL", PASSWORD) END,
   NULL                                                                                                      },
  {"a file of ours",
   "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>" BEGIN SERVER (
     "a.example.org", "465", "SSL", "<username>&f;</username>" PASSWORD) END,
   NULL                                                                                                      },
};
/* clang-format on */

static char *
show (GPtrArray *servers)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < servers->len; i++)
    {
      const EstCandidate *server = g_ptr_array_index (servers, i);
      g_ptr_array_add (words,
                       g_strdup_printf ("%s:%u %s %s %s %s", server->host, server->port,
                                        est_security_nick (server->security),
                                        server->auth, server->secret,
                                        server->user != NULL ? server->user : "-"));
    }
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (char **) words->pdata);
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", c->what);
      g_autoptr (GPtrArray) servers
        = est_autoconfig_parse (c->xml, strlen (c->xml), "you@example.org", &error);
      g_assert_cmpint (servers != NULL, ==, c->found != NULL);
      g_assert_cmpint (servers == NULL, ==, error != NULL);
      if (servers == NULL)
        continue;
      g_autofree char *shown = show (servers);
      g_assert_cmpstr (shown, ==, c->found);
    }
}

static void
test_oauth (void)
{
  static const char xml[] = BEGIN SERVER ("a.example.org", "465", "SSL", OAUTH) SERVER (
    "b.example.org", "587", "STARTTLS",
    PASSWORD) "</emailProvider><oAuth2><issuer>login.example.org</issuer><scope>mail "
              "send</scope><authURL>https://login.example.org/a</authURL>"
              "<tokenURL>http://login.example.org/t</tokenURL></oAuth2></clientConfig>";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers
    = est_autoconfig_parse (xml, strlen (xml), "you@example.org", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (servers->len, ==, 2);
  const EstCandidate *a = servers->pdata[0], *b = servers->pdata[1];
  g_assert_cmpstr (a->issuer, ==, "https://login.example.org");
  g_assert_cmpstr (a->scope, ==, "mail send");
  g_assert_cmpstr (a->authorize, ==, "https://login.example.org/a");
  g_assert_null (a->token); /* readable on its way */
  g_assert_null (b->issuer);
}

/* What is printed in one line with others must not begin a line of its own. */
static void
test_hostile_oauth (void)
{
  static const char xml[] = BEGIN SERVER (
    "a.example.org", "465", "SSL",
    OAUTH) "</emailProvider><oAuth2><issuer>a.example.org&#10;candidate</issuer>"
           "<scope>mail\n\tsend</scope><authURL>https://a.example.org/&#9;b</authURL>"
           "<tokenURL>https://me:secret@a.example.org/</tokenURL></oAuth2></"
           "clientConfig>";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers
    = est_autoconfig_parse (xml, strlen (xml), "you@example.org", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (servers->len, ==, 1);
  const EstCandidate *a = servers->pdata[0];
  g_assert_null (a->issuer);
  g_assert_null (a->authorize);
  g_assert_null (a->token);
  g_assert_cmpstr (a->scope, ==, "mail  send");
}

/* @head, @n times @part, @tail: no answer. */
static void
check_too_much (const char *head, const char *part, guint n, const char *tail)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) xml = g_string_new (head);
  for (guint i = 0; i < n; i++)
    g_string_append (xml, part);
  g_string_append (xml, tail);
  g_autoptr (GPtrArray) servers
    = est_autoconfig_parse (xml->str, xml->len, "you@example.org", &error);
  g_assert_null (servers);
  g_assert_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT);
}

static void
test_bounds (void)
{
  check_too_much (BEGIN, "<a>", 1000, "");
  check_too_much (BEGIN, SERVER ("a.example.org", "465", "SSL", PASSWORD), 17, END);
  check_too_much (BEGIN "<displayName>", "12345678", 1000, "</displayName>" END);
}

static void
test_pages (void)
{
  g_assert_true (est_candidate_is_page ("https://login.example.org/a?b=c"));
  g_assert_false (est_candidate_is_page ("http://login.example.org/"));
  g_assert_false (est_candidate_is_page ("https://me:secret@login.example.org/"));
  g_assert_false (est_candidate_is_page ("https:///a"));
  g_assert_false (est_candidate_is_page ("HTTPS://login.example.org/"));
  g_assert_false (est_candidate_is_page ("https://a\x1b[2J"));
  g_assert_false (est_candidate_is_page ("javascript:alert(1)"));
  g_assert_false (est_candidate_is_page (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/autoconfig/cases", test_cases);
  g_test_add_func ("/web/autoconfig/oauth", test_oauth);
  g_test_add_func ("/web/autoconfig/hostile-oauth", test_hostile_oauth);
  g_test_add_func ("/web/autoconfig/bounds", test_bounds);
  g_test_add_func ("/web/autoconfig/pages", test_pages);
  return g_test_run ();
}
