/* Whole exchanges between our own two ends, and clients that lie. The keys are those of
   RFC 7677 3. */
#include "wire/sasl-server.h"
#include "wire/sasl.h"

#include <string.h>

#define USER     "user"
#define PASSWORD "pencil"

static const EstSaslKeys keys
  = {"W22ZaJ0SNY7soEsUEjb6gQ==", 4096, "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=",
     "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="};

static gboolean
admits (gpointer data, const char *user, const char *password)
{
  return strcmp (user, USER) == 0 && strcmp (password, PASSWORD) == 0;
}

static gboolean
find_keys (gpointer data, const char *user, EstSaslKeys *found)
{
  *found = keys;
  return strcmp (user, USER) == 0;
}

static const EstSaslJudge judge = {admits, find_keys, NULL};

static EstSaslVerdict
sign_in (const char *mechanism, const char *user, const char *password, gboolean *proved)
{
  g_autoptr (EstSaslServer) server = est_sasl_server_new (mechanism, &judge);
  g_autoptr (EstSecret) secret = est_secret_new (password, -1);
  const EstSaslSelf self = {.user = user, .secret = secret};
  g_autoptr (EstSasl) client = est_sasl_new (mechanism, &self, NULL);
  g_autofree char *response = NULL;
  g_assert_true (est_sasl_step (client, NULL, &response, NULL));
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *challenge = NULL;
      EstSaslVerdict verdict = est_sasl_server_step (server, response, &challenge);
      g_clear_pointer (&response, g_free);
      if (challenge != NULL && !est_sasl_step (client, challenge, &response, NULL))
        return EST_SASL_REFUSED;
      *proved = est_sasl_is_complete (client);
      if (verdict != EST_SASL_GOES_ON)
        return verdict;
    }
  g_assert_not_reached ();
}

static void
test_exchange (gconstpointer mechanism)
{
  gboolean proved = FALSE;
  g_assert_cmpint (sign_in (mechanism, USER, PASSWORD, &proved), ==, EST_SASL_ADMITTED);
  g_assert_true (proved);
  g_assert_cmpint (sign_in (mechanism, USER, "pen", &proved), ==, EST_SASL_REFUSED);
  g_assert_cmpint (sign_in (mechanism, "other", PASSWORD, &proved), ==, EST_SASL_REFUSED);
}

typedef struct
{
  const char *name;
  const char *mechanism;
  const char *said[3]; /* base64; "" is empty, NULL the end */
  gboolean silent;     /* there is no initial response */
  EstSaslVerdict verdict;
} Case;

static const Case cases[] = {
  {"plain",             "PLAIN",         {"AHVzZXIAcGVuY2ls"},                     FALSE, EST_SASL_ADMITTED },
  {"plain-later",       "PLAIN",         {"AHVzZXIAcGVuY2ls"},                     TRUE,  EST_SASL_ADMITTED },
  {"plain-itself",      "PLAIN",         {"dXNlcgB1c2VyAHBlbmNpbA=="},             FALSE, EST_SASL_ADMITTED },
  {"plain-other",       "PLAIN",         {"b3RoZXIAdXNlcgBwZW5jaWw="},             FALSE, EST_SASL_REFUSED  },
  {"plain-no-nul",      "PLAIN",         {"dXNlcg=="},                             FALSE, EST_SASL_MALFORMED},
  {"plain-one-nul",     "PLAIN",         {"AHVzZXI="},                             FALSE, EST_SASL_MALFORMED},
  {"plain-four",        "PLAIN",         {"AHVzZXIAcGVuY2lsAHg="},                 FALSE, EST_SASL_MALFORMED},
  {"plain-empty",       "PLAIN",         {"AHVzZXIA"},                             FALSE, EST_SASL_REFUSED  },
  {"plain-nobody",      "PLAIN",         {"AAA="},                                 FALSE, EST_SASL_REFUSED  },
  {"plain-no-base64",   "PLAIN",         {"!!!"},                                  FALSE, EST_SASL_MALFORMED},
  {"plain-half",        "PLAIN",         {"AHVzZXIAcGVuY2l"},                      FALSE, EST_SASL_MALFORMED},
  {"login",             "LOGIN",         {"dXNlcg==", "cGVuY2ls"},                 FALSE, EST_SASL_ADMITTED },
  {"login-later",       "LOGIN",         {"dXNlcg==", "cGVuY2ls"},                 TRUE,  EST_SASL_ADMITTED },
  {"login-wrong",       "LOGIN",         {"dXNlcg==", "dXNlcg=="},                 TRUE,  EST_SASL_REFUSED  },
  {"login-nul",         "LOGIN",         {"dXNlcg==", "AHBlbmNpbA=="},             TRUE,  EST_SASL_MALFORMED},
  {"plain-nothing",     "PLAIN",         {""},                                     FALSE, EST_SASL_MALFORMED},
  {"plain-nul-at-end",  "PLAIN",         {"AHVzZXIAcGVuY2lsAA=="},                 FALSE, EST_SASL_MALFORMED},
  {"login-empty",       "LOGIN",         {"dXNlcg==", ""},                         TRUE,  EST_SASL_REFUSED  },
  {"scram-nonsense",    "SCRAM-SHA-256", {"dXNlcg=="},                             FALSE, EST_SASL_MALFORMED},
  {"scram-other",
   "SCRAM-SHA-256",                      {"bixhPXgsbj11c2VyLHI9YWJjZA=="},
   FALSE,                                                                                 EST_SASL_REFUSED  },
  {"scram-empty-final",
   "SCRAM-SHA-256",                      {"biwsbj11c2VyLHI9YWJjZA==", ""},
   FALSE,                                                                                 EST_SASL_MALFORMED},
 /* "p=tls-unique,,n=user,r=abcd": a binding that was never offered */
  {"scram-bound",
   "SCRAM-SHA-256",                      {"cD10bHMtdW5pcXVlLCxuPXVzZXIscj1hYmNk"},
   FALSE,                                                                                 EST_SASL_REFUSED  },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (EstSaslServer) server = est_sasl_server_new (c->mechanism, &judge);
  g_autofree char *challenge = NULL;
  EstSaslVerdict verdict = EST_SASL_GOES_ON;
  if (c->silent)
    verdict = est_sasl_server_step (server, NULL, &challenge);
  for (guint i = 0; i < 3 && c->said[i] != NULL; i++)
    {
      g_assert_cmpint (verdict, ==, EST_SASL_GOES_ON);
      g_clear_pointer (&challenge, g_free);
      verdict = est_sasl_server_step (server, c->said[i], &challenge);
    }
  g_assert_cmpint (verdict, ==, c->verdict);
}

/* What says that the client may bind the channel but the server did not offer it. */
static void
test_unbound (void)
{
  g_autoptr (EstSaslServer) server = est_sasl_server_new ("SCRAM-SHA-256", &judge);
  g_autofree char *challenge = NULL;
  g_autofree char *first = g_base64_encode ((const guchar *) "y,,n=user,r=abcd", 16);
  g_assert_cmpint (est_sasl_server_step (server, first, &challenge), ==,
                   EST_SASL_GOES_ON);
  gsize length;
  g_autofree guchar *octets = g_base64_decode (challenge, &length);
  g_autofree char *text = g_strndup ((char *) octets, length);
  g_assert_true (g_str_has_prefix (text, "r=abcd"));
  g_assert_true (g_str_has_suffix (text, ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
}

static void
test_unknown (void)
{
  static const char *const names[]
    = {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1", "CRAM-MD5", "ANONYMOUS",
       "EXTERNAL",           "plain",       "",         "NTLM"};
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_null (est_sasl_server_new (names[i], &judge));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/wire/sasl-server/SCRAM-SHA-256", "SCRAM-SHA-256",
                        test_exchange);
  g_test_add_data_func ("/wire/sasl-server/PLAIN", "PLAIN", test_exchange);
  g_test_add_data_func ("/wire/sasl-server/LOGIN", "LOGIN", test_exchange);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path
        = g_strdup_printf ("/wire/sasl-server/case/%s", cases[i].name);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/wire/sasl-server/unbound", test_unbound);
  g_test_add_func ("/wire/sasl-server/unknown", test_unknown);
  return g_test_run ();
}
