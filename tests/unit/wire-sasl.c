/* Whole exchanges against GNU SASL's server side, and servers that cheat. */
#include "wire/sasl.h"

#include <gio/gio.h>
#include <gsasl.h>
#include <string.h>

#define USER     "ana@example.org"
#define PASSWORD "p\303\241ss w,rd="

#define P EST_SASL_PASSWORD
#define T EST_SASL_TOKEN
#define C EST_SASL_CERTIFICATE
#define B EST_SASL_BINDING

typedef struct
{
  const char *name;
  const char *offered; /* divided by blanks */
  const char *wanted;
  EstSaslMeans means;
  const char *chosen;
} Choice;

#define ALL                                                                              \
  "LOGIN PLAIN CRAM-MD5 GSSAPI XOAUTH2 OAUTHBEARER SCRAM-SHA-1 SCRAM-SHA-256 "           \
  "SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS EXTERNAL"

static const Choice choices[] = {
  {"certificate",     ALL,                                         "auto",               P | T | C | B, "EXTERNAL"          },
  {"token",           ALL,                                         "auto",               T | B,         "OAUTHBEARER"       },
  {"old-token",       "PLAIN XOAUTH2 SCRAM-SHA-256",               "auto",               T | B,         "XOAUTH2"           },
  {"no-token",        "PLAIN SCRAM-SHA-256",                       "auto",               T | B,         NULL                },
  {"bound",           ALL,                                         "auto",               P | B,         "SCRAM-SHA-256-PLUS"},
  {"bound-1",         "SCRAM-SHA-256 SCRAM-SHA-1-PLUS PLAIN",      "auto",               P | B,         "SCRAM-SHA-1-PLUS"  },
  {"unbindable",      ALL,                                         "auto",               P,             "SCRAM-SHA-256"     },
  {"best",            "PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256",     "auto",               P | B,         "SCRAM-SHA-256"     },
  {"second",          "LOGIN PLAIN SCRAM-SHA-1",                   "auto",               P | B,         "SCRAM-SHA-1"       },
  {"plain",           "LOGIN PLAIN",                               "auto",               P | B,         "PLAIN"             },
  {"login",           "XOAUTH2 LOGIN",                             "auto",               P | B,         "LOGIN"             },
  {"unsafe",          "NTLM DIGEST-MD5 CRAM-MD5 GSSAPI ANONYMOUS", "auto",               P | T | C | B, NULL                },
  {"nothing",         "",                                          "auto",               P,             NULL                },
  {"wanted",          "SCRAM-SHA-256 PLAIN LOGIN",                 "PLAIN",              P,             "PLAIN"             },
  {"wanted-only",     "PLAIN LOGIN",                               "SCRAM-SHA-256",      P,             NULL                },
  {"wanted-unbound",  ALL,                                         "SCRAM-SHA-256",      P | B,         "SCRAM-SHA-256"     },
  {"wanted-bound",    ALL,                                         "SCRAM-SHA-256-PLUS", P,             NULL                },
  {"wanted-external", ALL,                                         "EXTERNAL",           P | B,         NULL                },
  {"wanted-token",    ALL,                                         "XOAUTH2",            T,             "XOAUTH2"           },
  {"wanted-ticket",   ALL,                                         "GSSAPI",             P | B,         "GSSAPI"            },
  {"asked-for",       "CRAM-MD5 PLAIN",                            "CRAM-MD5",           P,             "CRAM-MD5"          },
  {"unknown",         "NTLM PLAIN",                                "NTLM",               P,             NULL                },
};

static void
test_choice (gconstpointer data)
{
  const Choice *choice = data;
  g_auto (GStrv) offered = g_strsplit (choice->offered, " ", -1);
  g_assert_cmpstr (
    est_sasl_choose ((const char *const *) offered, choice->wanted, choice->means), ==,
    choice->chosen);
}

/* Of USER and @password; @binding may be NULL. */
static EstSasl *
make_client (const char *mechanism,
             const char *user,
             const char *password,
             const EstBinding *binding,
             gboolean binding_offered,
             GError **error)
{
  g_autoptr (EstSecret) secret = est_secret_new (password, -1);
  const EstSaslSelf self = {user, secret, "relay.test", 465, binding, binding_offered};
  return est_sasl_new (mechanism, &self, error);
}

static char *
encode (const char *text)
{
  return g_base64_encode ((const guchar *) text, strlen (text));
}

static const char *server_password;
static const char *server_rounds;

static int
on_server_property (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  switch (property)
    {
    case GSASL_PASSWORD:
      return gsasl_property_set (session, property, server_password);
    case GSASL_SCRAM_ITER:
      return gsasl_property_set (session, property, server_rounds);
    case GSASL_VALIDATE_SIMPLE:
      if (g_strcmp0 (gsasl_property_fast (session, GSASL_AUTHID), USER) == 0
          && g_strcmp0 (gsasl_property_fast (session, GSASL_PASSWORD), server_password)
               == 0)
        return GSASL_OK;
      return GSASL_AUTHENTICATION_ERROR;
    default:
      return GSASL_NO_CALLBACK;
    }
}

typedef struct
{
  EstSasl *client;
  Gsasl *library;
  Gsasl_session *server;
  GError *error;   /* the client's */
  int server_said; /* GSASL_OK: 235 */
} Exchange;

static void
run (Exchange *exchange)
{
  char *challenge = NULL;
  g_autofree char *response = NULL;
  gboolean stepped = est_sasl_step (exchange->client, NULL, &response, &exchange->error);
  exchange->server_said = GSASL_NEEDS_MORE;
  while (stepped)
    {
      exchange->server_said = gsasl_step64 (exchange->server, response, &challenge);
      if (exchange->server_said == GSASL_OK && (challenge == NULL || *challenge == '\0'))
        break;
      if (exchange->server_said != GSASL_NEEDS_MORE && exchange->server_said != GSASL_OK)
        return;
      g_clear_pointer (&response, g_free);
      stepped = est_sasl_step (exchange->client, challenge, &response, &exchange->error);
      g_clear_pointer (&challenge, gsasl_free);
      if (exchange->server_said == GSASL_OK)
        break;
    }
  g_clear_pointer (&challenge, gsasl_free);
}

static Exchange
begin (const char *mechanism)
{
  Exchange exchange
    = {.client = make_client (mechanism, USER, PASSWORD, NULL, FALSE, NULL)};
  g_assert_nonnull (exchange.client);
  g_assert_cmpint (gsasl_init (&exchange.library), ==, GSASL_OK);
  gsasl_callback_set (exchange.library, on_server_property);
  g_assert_cmpint (gsasl_server_start (exchange.library, mechanism, &exchange.server), ==,
                   GSASL_OK);
  server_password = PASSWORD;
  server_rounds = "4096";
  return exchange;
}

static void
end (Exchange *exchange)
{
  est_sasl_free (exchange->client);
  gsasl_finish (exchange->server);
  gsasl_done (exchange->library);
  g_clear_error (&exchange->error);
}

static void
test_right (gconstpointer mechanism)
{
  Exchange exchange = begin (mechanism);
  run (&exchange);
  g_assert_no_error (exchange.error);
  g_assert_cmpint (exchange.server_said, ==, GSASL_OK);
  g_assert_true (est_sasl_is_complete (exchange.client));
  end (&exchange);
}

static void
test_wrong (gconstpointer mechanism)
{
  Exchange exchange = begin (mechanism);
  server_password = "other";
  run (&exchange);
  g_assert_cmpint (exchange.server_said, !=, GSASL_OK);
  end (&exchange);
}

/* A server that says yes in the middle of SCRAM has not shown that it knows us. */
static void
test_early_yes (void)
{
  g_autoptr (EstSasl) sasl
    = make_client ("SCRAM-SHA-256", USER, PASSWORD, NULL, FALSE, NULL);
  g_autofree char *response = NULL;
  g_assert_false (est_sasl_is_complete (sasl));
  g_assert_true (est_sasl_step (sasl, NULL, &response, NULL));
  g_assert_false (est_sasl_is_complete (sasl));
}

static void
test_wrong_signature (void)
{
  Exchange exchange = begin ("SCRAM-SHA-256");
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  g_autofree char *lie = encode ("v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  char *challenge = NULL;
  g_assert_true (est_sasl_step (exchange.client, NULL, &first, NULL));
  g_assert_cmpint (gsasl_step64 (exchange.server, first, &challenge), ==,
                   GSASL_NEEDS_MORE);
  g_assert_true (est_sasl_step (exchange.client, challenge, &second, NULL));
  g_assert_false (est_sasl_step (exchange.client, lie, &third, &exchange.error));
  g_assert_error (exchange.error, EST_SASL_ERROR, EST_SASL_ERROR_IMPOSTOR);
  g_assert_false (est_sasl_is_complete (exchange.client));
  gsasl_free (challenge);
  end (&exchange);
}

static void
test_rounds (gconstpointer rounds)
{
  Exchange exchange = begin ("SCRAM-SHA-256");
  g_autofree char *first = NULL, *second = NULL;
  char *challenge = NULL;
  g_assert_true (est_sasl_step (exchange.client, NULL, &first, NULL));
  g_assert_cmpint (gsasl_step64 (exchange.server, first, &challenge), ==,
                   GSASL_NEEDS_MORE);
  gsize length;
  g_autofree guchar *message = g_base64_decode (challenge, &length);
  g_autofree char *text = g_strndup ((const char *) message, length);
  *(strstr (text, ",i=") + 3) = '\0';
  g_autofree char *changed = g_strconcat (text, rounds, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *) changed, strlen (changed));
  g_assert_false (est_sasl_step (exchange.client, encoded, &second, &exchange.error));
  g_assert_error (exchange.error, EST_SASL_ERROR, EST_SASL_ERROR_UNUSABLE);
  g_assert_null (second);
  gsasl_free (challenge);
  end (&exchange);
}

static void
test_nonsense (gconstpointer challenge)
{
  g_autoptr (EstSasl) sasl
    = make_client ("SCRAM-SHA-1", USER, PASSWORD, NULL, FALSE, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL;
  g_assert_true (est_sasl_step (sasl, NULL, &first, NULL));
  g_assert_false (est_sasl_step (sasl, challenge, &second, &error));
  g_assert_error (error, EST_SASL_ERROR, EST_SASL_ERROR_MALFORMED);
}

static void
test_initial_responses (void)
{
  g_autoptr (EstSasl) plain = make_client ("PLAIN", "u", "p", NULL, FALSE, NULL);
  g_autoptr (EstSasl) login = make_client ("LOGIN", "u", "p", NULL, FALSE, NULL);
  g_autofree char *first = NULL, *again = NULL, *none = NULL, *user = NULL,
                  *password = NULL;
  g_assert_true (est_sasl_step (plain, NULL, &first, NULL));
  g_assert_cmpstr (first, ==, "AHUAcA=="); /* \0u\0p */
  g_assert_true (est_sasl_is_complete (plain));
  g_assert_false (est_sasl_step (plain, "", &again, NULL)); /* never say it twice */
  g_assert_null (again);
  g_assert_true (est_sasl_step (login, NULL, &none, NULL));
  g_assert_null (none);
  g_assert_true (est_sasl_step (login, "VXNlcm5hbWU6", &user, NULL));
  g_assert_cmpstr (user, ==, "dQ==");
  g_assert_false (est_sasl_is_complete (login));
  g_assert_true (est_sasl_step (login, "UGFzc3dvcmQ6", &password, NULL));
  g_assert_cmpstr (password, ==, "cA==");
  g_assert_true (est_sasl_is_complete (login));
}

/* A whole message of a mechanism that says all at once. */
typedef struct
{
  const char *mechanism;
  const char *user;
  const char *secret;
  const char *message;
} Message;

static const Message messages[] = {
  {"XOAUTH2",     "ana@example.org", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg",
   "user=ana@example.org\001auth=Bearer "
   "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\001\001"                                 },
  {"OAUTHBEARER", "a=b,c",           "token",
   "n,a=a=3Db=2Cc,\001host=relay.test\001port=465\001auth=Bearer token\001\001"            },
  {"EXTERNAL",    "ana",             "",                                              "ana"},
  {"EXTERNAL",    NULL,              "",                                              ""   },
};

static void
test_message (gconstpointer data)
{
  const Message *m = data;
  g_autoptr (EstSasl) sasl
    = make_client (m->mechanism, m->user, m->secret, NULL, FALSE, NULL);
  g_autofree char *response = NULL;
  g_autofree char *expected = encode (m->message);
  g_assert_true (est_sasl_step (sasl, NULL, &response, NULL));
  g_assert_cmpstr (response, ==, expected);
  g_assert_true (est_sasl_is_complete (sasl));
}

/* RFC 7628 3.2.3: the refusal has to be acknowledged, and is never an admission. */
static void
test_token_refused (gconstpointer mechanism)
{
  g_autoptr (EstSasl) sasl = make_client (mechanism, "u", "t", NULL, FALSE, NULL);
  g_autofree char *first = NULL, *answer = NULL, *more = NULL;
  g_autofree char *challenge = encode ("{\"status\":\"invalid_token\"}");
  g_autoptr (GError) error = NULL;
  g_assert_true (est_sasl_step (sasl, NULL, &first, NULL));
  g_assert_true (est_sasl_step (sasl, challenge, &answer, NULL));
  g_assert_cmpstr (answer, ==, strcmp (mechanism, "XOAUTH2") == 0 ? "" : "AQ==");
  g_assert_false (est_sasl_is_complete (sasl));
  g_assert_false (est_sasl_step (sasl, challenge, &more, &error));
  g_assert_error (error, EST_SASL_ERROR, EST_SASL_ERROR_MALFORMED);
  g_assert_null (more);
}

/* What would end the token, or the name, before its end, and begin something else. */
static void
test_smuggling (void)
{
  static const char *const pairs[][2] = {
    {"u\001auth=Bearer x", "t"        },
    {"u",                  "t\001\001"},
    {"u",                  "t u"      },
    {"u",                  "t\r\nMAIL"}
  };
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (
        make_client ("XOAUTH2", pairs[i][0], pairs[i][1], NULL, FALSE, &error));
      g_assert_error (error, EST_SASL_ERROR, EST_SASL_ERROR_UNUSABLE);
      g_assert_null (strstr (error->message, "Bearer"));
    }
}

typedef struct
{
  const char *mechanism;
  gboolean bindable;
  gboolean offered;
  const char *header; /* gs2-header, RFC 5802 6 */
} Flag;

static const Flag flags[] = {
  {"SCRAM-SHA-256",      FALSE, FALSE, "n,,"           },
  {"SCRAM-SHA-256",      FALSE, TRUE,  "n,,"           },
  {"SCRAM-SHA-256",      TRUE,  FALSE, "y,,"           },
  {"SCRAM-SHA-1",        TRUE,  FALSE, "y,,"           },
  {"SCRAM-SHA-256",      TRUE,  TRUE,  "n,,"           }, /* the person wanted it so */
  {"SCRAM-SHA-256-PLUS", TRUE,  TRUE,  "p=tls-unique,,"},
  {"SCRAM-SHA-1-PLUS",   TRUE,  TRUE,  "p=tls-unique,,"},
};

static void
test_flags (void)
{
  const EstBinding binding = {
    "tls-unique", 3, {1, 2, 3}
  };
  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      const Flag *flag = &flags[i];
      g_autoptr (EstSasl) sasl
        = make_client (flag->mechanism, "u=,", "p", flag->bindable ? &binding : NULL,
                       flag->offered, NULL);
      g_autofree char *response = NULL;
      gsize length;
      g_assert_true (est_sasl_step (sasl, NULL, &response, NULL));
      g_autofree guchar *message = g_base64_decode (response, &length);
      g_autofree char *text = g_strndup ((const char *) message, length);
      g_autofree char *start = g_strconcat (flag->header, "n=u=3D=2C,r=", NULL);
      g_assert_true (g_str_has_prefix (text, start));
    }
}

/* "e=" is no proof, and no way to one. */
static void
test_server_error (void)
{
  Exchange exchange = begin ("SCRAM-SHA-256");
  g_autofree char *first = NULL, *second = NULL, *third = NULL, *fourth = NULL;
  g_autofree char *no = encode ("e=other-error");
  char *challenge = NULL, *verdict = NULL;
  g_assert_true (est_sasl_step (exchange.client, NULL, &first, NULL));
  g_assert_cmpint (gsasl_step64 (exchange.server, first, &challenge), ==,
                   GSASL_NEEDS_MORE);
  g_assert_true (est_sasl_step (exchange.client, challenge, &second, NULL));
  g_assert_cmpint (gsasl_step64 (exchange.server, second, &verdict), ==, GSASL_OK);
  g_assert_true (est_sasl_step (exchange.client, no, &third, NULL));
  g_assert_cmpstr (third, ==, "");
  g_assert_false (est_sasl_is_complete (exchange.client));
  g_assert_false (est_sasl_step (exchange.client, verdict, &fourth, NULL));
  g_assert_false (est_sasl_is_complete (exchange.client));
  gsasl_free (challenge);
  gsasl_free (verdict);
  end (&exchange);
}

/* Without a ticket GSSAPI says nothing at all. */
static void
test_no_ticket (void)
{
  g_autoptr (EstSasl) sasl = make_client ("GSSAPI", NULL, "", NULL, FALSE, NULL);
  g_autofree char *response = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_nonnull (sasl);
  g_assert_false (est_sasl_step (sasl, NULL, &response, &error));
  g_assert_error (error, EST_SASL_ERROR, EST_SASL_ERROR_NO_TICKET);
  g_assert_null (response);
}

static void
test_unknown (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (make_client ("NTLM", "u", "p", NULL, FALSE, &error));
  g_assert_error (error, EST_SASL_ERROR, EST_SASL_ERROR_UNUSABLE);
}

static void
add (const char *what, const char *name, gconstpointer data, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/wire/sasl/%s/%s", what, name);
  g_test_add_data_func (path, data, function);
}

int
main (int argc, char **argv)
{
  static const char *const mechanisms[]
    = {"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN", "CRAM-MD5"};
  static const char *const rounds[]
    = {"1", "4095", "10000001", "99999999999999999999", "x"};
  g_test_init (&argc, &argv, NULL);
  g_setenv ("KRB5CCNAME", "FILE:/nonexistent", TRUE);
  g_setenv ("KRB5_CONFIG", "/dev/null", TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    add ("choice", choices[i].name, &choices[i], test_choice);
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      add ("right", mechanisms[i], mechanisms[i], test_right);
      add ("wrong", mechanisms[i], mechanisms[i], test_wrong);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rounds); i++)
    add ("rounds", rounds[i], rounds[i], test_rounds);
  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%u", messages[i].mechanism, (guint) i);
      add ("message", name, &messages[i], test_message);
    }
  add ("token-refused", "XOAUTH2", "XOAUTH2", test_token_refused);
  add ("token-refused", "OAUTHBEARER", "OAUTHBEARER", test_token_refused);
  add ("nonsense", "no-base64", "!!!", test_nonsense);
  add ("nonsense", "no-salt", "cj1hLGk9NDA5Ng==", test_nonsense);
  add ("nonsense", "zero-octet", "cj0AYQ==", test_nonsense);
  add ("nonsense", "empty", "", test_nonsense);
  add ("nonsense", "other-nonce", "cj1hLHM9YixpPTQwOTY=", test_nonsense);
  g_test_add_func ("/wire/sasl/smuggling", test_smuggling);
  g_test_add_func ("/wire/sasl/flags", test_flags);
  g_test_add_func ("/wire/sasl/server-error", test_server_error);
  g_test_add_func ("/wire/sasl/no-ticket", test_no_ticket);
  g_test_add_func ("/wire/sasl/early-yes", test_early_yes);
  g_test_add_func ("/wire/sasl/wrong-signature", test_wrong_signature);
  g_test_add_func ("/wire/sasl/initial-responses", test_initial_responses);
  g_test_add_func ("/wire/sasl/unknown", test_unknown);
  return g_test_run ();
}
