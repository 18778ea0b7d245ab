/* Whole exchanges against GNU SASL's server side, and servers that cheat. */
#include "wire/sasl.h"

#include <gio/gio.h>
#include <gsasl.h>
#include <string.h>

#define USER     "ana@example.org"
#define PASSWORD "p\303\241ss w,rd="

typedef struct
{
  const char *name;
  const char *offered; /* divided by blanks */
  const char *wanted;
  const char *chosen;
} Choice;

static const Choice choices[] = {
  {"best",        "PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256",     "auto",          "SCRAM-SHA-256"},
  {"second",      "LOGIN PLAIN SCRAM-SHA-1",                   "auto",          "SCRAM-SHA-1"  },
  {"plain",       "LOGIN PLAIN",                               "auto",          "PLAIN"        },
  {"login",       "XOAUTH2 LOGIN",                             "auto",          "LOGIN"        },
  {"unsafe",      "NTLM DIGEST-MD5 CRAM-MD5 GSSAPI ANONYMOUS", "auto",          NULL           },
  {"nothing",     "",                                          "auto",          NULL           },
  {"wanted",      "SCRAM-SHA-256 PLAIN LOGIN",                 "PLAIN",         "PLAIN"        },
  {"wanted-only", "PLAIN LOGIN",                               "SCRAM-SHA-256", NULL           },
  {"asked-for",   "CRAM-MD5 PLAIN",                            "CRAM-MD5",      "CRAM-MD5"     },
  {"unknown",     "NTLM PLAIN",                                "NTLM",          NULL           },
};

static void
test_choice (gconstpointer data)
{
  const Choice *choice = data;
  g_auto (GStrv) offered = g_strsplit (choice->offered, " ", -1);
  g_assert_cmpstr (est_sasl_choose ((const char *const *) offered, choice->wanted), ==,
                   choice->chosen);
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
  Exchange exchange = {.client = est_sasl_new (mechanism, USER, PASSWORD, NULL)};
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
  g_autoptr (EstSasl) sasl = est_sasl_new ("SCRAM-SHA-256", USER, PASSWORD, NULL);
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
  g_autofree char *lie = g_base64_encode ((const guchar *) "v=AAAA", 6);
  char *challenge = NULL;
  g_assert_true (est_sasl_step (exchange.client, NULL, &first, NULL));
  g_assert_cmpint (gsasl_step64 (exchange.server, first, &challenge), ==,
                   GSASL_NEEDS_MORE);
  g_assert_true (est_sasl_step (exchange.client, challenge, &second, NULL));
  g_assert_false (est_sasl_step (exchange.client, lie, &third, &exchange.error));
  g_assert_error (exchange.error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
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
  g_assert_error (exchange.error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_null (second);
  gsasl_free (challenge);
  end (&exchange);
}

static void
test_nonsense (gconstpointer challenge)
{
  g_autoptr (EstSasl) sasl = est_sasl_new ("SCRAM-SHA-1", USER, PASSWORD, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL;
  g_assert_true (est_sasl_step (sasl, NULL, &first, NULL));
  g_assert_false (est_sasl_step (sasl, challenge, &second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_initial_responses (void)
{
  g_autoptr (EstSasl) plain = est_sasl_new ("PLAIN", "u", "p", NULL);
  g_autoptr (EstSasl) login = est_sasl_new ("LOGIN", "u", "p", NULL);
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

static void
test_unknown (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (est_sasl_new ("NTLM", "u", "p", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
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
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    add ("choice", choices[i].name, &choices[i], test_choice);
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      add ("right", mechanisms[i], mechanisms[i], test_right);
      add ("wrong", mechanisms[i], mechanisms[i], test_wrong);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rounds); i++)
    add ("rounds", rounds[i], rounds[i], test_rounds);
  add ("nonsense", "no-base64", "!!!", test_nonsense);
  add ("nonsense", "empty", "", test_nonsense);
  add ("nonsense", "other-nonce", "cj1hLHM9YixpPTQwOTY=", test_nonsense);
  g_test_add_func ("/wire/sasl/early-yes", test_early_yes);
  g_test_add_func ("/wire/sasl/wrong-signature", test_wrong_signature);
  g_test_add_func ("/wire/sasl/initial-responses", test_initial_responses);
  g_test_add_func ("/wire/sasl/unknown", test_unknown);
  return g_test_run ();
}
