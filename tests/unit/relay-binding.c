/* Signing in bound to the TLS session, and by a certificate, against GNU SASL's server
   side; who sits in between gets nothing by it. */
#include "relay/relay.h"

#include "sasl-relay.h"

#include <glib/gstdio.h>

#define PASSWORD "p\303\241ss w,rd="
#define TLS12    "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLS13    "NORMAL:-VERS-ALL:+VERS-TLS1.3"
#define ALL      "SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 PLAIN LOGIN"

static char *folder, *password_file, *ca_file;
static TlsIdentity authority, host;
static EstCredentials *credentials;

typedef enum
{
  NOBODY,
  LISTENER, /* passes everything on */
  STRIPPER, /* takes the offer of binding out */
} Between;

typedef struct
{
  const char *name;
  const char *offer;
  const char *priority;
  gboolean binds;
  const char *rounds;
  Lie lie;
  Between between;
  EstReason reason;
  const char *mechanism; /* of the route */
  const char *header;    /* what the client's first message begins with */
} Case;

static const Case cases[] = {
  {"exporter",                  ALL,                                      TLS13,                     TRUE,  "4096", LIE_NONE,        NOBODY,   EST_REASON_NONE,
   "SCRAM-SHA-256-PLUS",                                                                                                                                                                    "p=tls-exporter,,n="},
  {"exporter-sha-1",            "SCRAM-SHA-1-PLUS SCRAM-SHA-256 PLAIN",   TLS13,                     TRUE,  "4096",
   LIE_NONE,                                                                                                                         NOBODY,   EST_REASON_NONE,         "SCRAM-SHA-1-PLUS", "p=tls-exporter,,n="},
  {"unique",                    ALL,                                      TLS12,                     TRUE,  "4096", LIE_NONE,        NOBODY,   EST_REASON_NONE,
   "SCRAM-SHA-256-PLUS",                                                                                                                                                                    "p=tls-unique,,n="  },
 /* RFC 7627 5.3: without it two sessions can have the same binding. */
  {"no-extended-master-secret", ALL,                                      TLS12 ":%NO_SESSION_HASH", TRUE,  "4096", LIE_NONE,
   NOBODY,                                                                                                                                     EST_REASON_NONE,         "SCRAM-SHA-256",    "n,,n="             },
  {"not-offered",               "SCRAM-SHA-256 PLAIN",                    TLS13,                     FALSE, "4096", LIE_NONE,        NOBODY,
   EST_REASON_NONE,                                                                                                                                                     "SCRAM-SHA-256",    "y,,n="             },
  {"in-between",                ALL,                                      TLS13,                     TRUE,  "4096", LIE_NONE,        LISTENER, EST_REASON_SIGN_IN,      NULL,
   "p=tls-exporter,,n="                                                                                                                                                                                         },
  {"in-between-1.2",            ALL,                                      TLS12,                     TRUE,  "4096", LIE_NONE,        LISTENER, EST_REASON_SIGN_IN,
   NULL,                                                                                                                                                                                    "p=tls-exporter,,n="},
  {"stripped",                  "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN", TLS13,                     TRUE,  "4096", LIE_NONE,
   STRIPPER,                                                                                                                                   EST_REASON_SIGN_IN,      NULL,               "y,,n="             },
  {"early-yes",                 ALL,                                      TLS13,                     TRUE,  "4096", LIE_EARLY_YES,   NOBODY,   EST_REASON_IMPOSTOR,
   NULL,                                                                                                                                                                                    "p=tls-exporter,,n="},
  {"wrong-proof",               ALL,                                      TLS13,                     TRUE,  "4096", LIE_WRONG_PROOF, NOBODY,   EST_REASON_IMPOSTOR,
   NULL,                                                                                                                                                                                    "p=tls-exporter,,n="},
  {"few-rounds",                ALL,                                      TLS13,                     TRUE,  "1000", LIE_NONE,        NOBODY,   EST_REASON_NO_MECHANISM,
   NULL,                                                                                                                                                                                    "p=tls-exporter,,n="},
};

static EstAccount
make_account (guint16 port)
{
  static char *command[] = {(char *) "cat", NULL, NULL};
  command[1] = password_file;
  est_credentials_forget (credentials, "test");
  return (EstAccount){
    .name = (char *) "test",
    .host = (char *) "127.0.0.1",
    .port = port,
    .auth = (char *) "auto",
    .user = (char *) "ana=,",
    .ca_file = ca_file,
    .proxy = (char *) "none",
    .password_command = command,
  };
}

static void
check_open (EstAccount *account, EstReason reason, const char *mechanism)
{
  const EstDeliverySettings limits = {5, 5, 5, 5, 5, 5, 5};
  g_autoptr (GError) error = NULL;
  g_autoptr (EstRelay) relay
    = est_relay_open (account, &limits, credentials, NULL, NULL, &error);
  if (reason != EST_REASON_NONE)
    {
      g_assert_error (error, EST_RELAY_ERROR, (int) reason);
      g_assert_null (strstr (error->message, PASSWORD));
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (est_relay_route (relay)->mechanism, ==, mechanism);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  SaslRelay relay = {c->offer, c->priority, PASSWORD, c->rounds, c->binds, c->lie, &host};
  Middle middle = {&host, c->between == STRIPPER};
  start_relay (&relay);
  middle.relay_port = relay.port;
  if (c->between != NOBODY)
    start_middle (&middle);
  EstAccount account = make_account (c->between != NOBODY ? middle.port : relay.port);
  check_open (&account, c->reason, c->mechanism);
  if (c->between != NOBODY)
    end_middle (&middle);
  g_assert_true (g_str_has_prefix (relay.said, c->header));
  end_relay (&relay);
}

/* The other end's doubts are ours too: a wrong password is refused, bound or not. */
static void
test_wrong_password (void)
{
  SaslRelay relay = {ALL, TLS13, "another", "4096", TRUE, LIE_NONE, &host};
  start_relay (&relay);
  EstAccount account = make_account (relay.port);
  check_open (&account, EST_REASON_SIGN_IN, NULL);
  end_relay (&relay);
}

static char *
write_pair (const TlsIdentity *identity, const char *name, gboolean with_key, guint mode)
{
  char *file = g_build_filename (folder, name, NULL);
  gnutls_datum_t pem, key;
  g_assert_cmpint (
    gnutls_x509_crt_export2 (identity->certificate, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_export2 (identity->key, GNUTLS_X509_FMT_PEM, &key),
                   ==, 0);
  g_autofree char *text = g_strdup_printf ("%.*s%.*s", with_key ? (int) key.size : 0,
                                           key.data, (int) pem.size, pem.data);
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  g_assert_cmpint (g_chmod (file, mode), ==, 0);
  gnutls_free (pem.data);
  gnutls_free (key.data);
  return file;
}

typedef struct
{
  const char *name;
  int days; /* until the certificate ends */
  const char *offer;
  const char *auth;
  EstReason reason;
  const char *mechanism;
} OwnCase;

static const OwnCase own_cases[] = {
  {"external",     9,  "PLAIN EXTERNAL " ALL, "auto",     EST_REASON_NONE,         "EXTERNAL"          },
  {"expired",      -1, "EXTERNAL",            "EXTERNAL", EST_REASON_NONE,         "EXTERNAL"          },
  {"not-offered",  9,  ALL,                   "auto",     EST_REASON_NONE,         "SCRAM-SHA-256-PLUS"},
  {"nothing-else", 9,  ALL,                   "EXTERNAL", EST_REASON_NO_MECHANISM, NULL                },
};

/* The certificate is shown whatever comes after. */
static void
test_own (gconstpointer data)
{
  const OwnCase *c = data;
  TlsIdentity own = make_identity (&authority, "ana.example", c->days);
  g_autofree char *file = write_pair (&own, "own.pem", TRUE, 0600);
  SaslRelay relay
    = {c->offer, TLS13, PASSWORD, "4096", TRUE, LIE_NONE, &host, &authority};
  start_relay (&relay);
  EstAccount account = make_account (relay.port);
  account.auth = (char *) c->auth;
  account.certificate = file;
  check_open (&account, c->reason, c->mechanism);
  g_assert_nonnull (relay.peer_name);
  g_assert_true (g_str_has_prefix (relay.peer_name, "ana.example"));
  end_relay (&relay);
  g_unlink (file);
  clear_identity (&own);
}

/* Without one, there is nothing to show to a server that asks. */
static void
test_nothing_shown (void)
{
  SaslRelay relay
    = {"EXTERNAL", TLS13, PASSWORD, "4096", TRUE, LIE_NONE, &host, &authority};
  start_relay (&relay);
  EstAccount account = make_account (relay.port);
  check_open (&account, EST_REASON_NO_MECHANISM, NULL);
  g_assert_null (relay.peer_name);
  end_relay (&relay);
}

/* Nothing is said to anybody with a key that cannot be used: the port is not even there.
 */
static void
test_bad_keys (void)
{
  TlsIdentity own = make_identity (&authority, "ana.example", 9);
  TlsIdentity other = make_identity (&authority, "ana.example", 9);
  g_autofree char *certificate = write_pair (&own, "own.pem", FALSE, 0644);
  g_autofree char *open = write_pair (&own, "open.pem", TRUE, 0640);
  g_autofree char *stranger = write_pair (&other, "other.pem", TRUE, 0600);
  g_autofree char *missing = g_build_filename (folder, "missing.pem", NULL);
  const struct
  {
    const char *certificate, *key, *words;
  } pairs[] = {
    {certificate,   open,                                                       "chmod 600"         },
    {open,          NULL,                                                       "chmod 600"         },
    {certificate,   stranger,                                                   "not the one of the"},
    {certificate,   missing,                                                    "No such file"      },
    {missing,       stranger,                                                   missing             },
    {certificate,   folder,                                                     "not a regular file"},
    {certificate,   "pkcs11:token=none;object=x?pin-source=file:/secret/place",
     "pkcs11:token=none"                                                                            },
    {password_file, NULL,                                                       password_file       },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (est_client_pair_load (pairs[i].certificate, pairs[i].key, &error));
      g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_IDENTITY);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, pairs[i].words));
      g_assert_null (strstr (error->message, "/secret/place"));
    }
  g_unlink (certificate);
  g_unlink (open);
  g_unlink (stranger);
  clear_identity (&own);
  clear_identity (&other);
}

static void
set_up_all (void)
{
  folder = g_dir_make_tmp ("estafeta-XXXXXX", NULL);
  password_file = g_build_filename (folder, "password", NULL);
  ca_file = g_build_filename (folder, "ca.pem", NULL);
  g_assert_true (g_file_set_contents (password_file, PASSWORD, -1, NULL));
  authority = make_identity (NULL, NULL, 9);
  host = make_identity (&authority, "127.0.0.1", 9);
  write_certificate (&authority, ca_file);
  credentials = est_credentials_new ();
}

static void
tear_down_all (void)
{
  g_object_unref (credentials);
  clear_identity (&authority);
  clear_identity (&host);
  g_unlink (password_file);
  g_unlink (ca_file);
  g_rmdir (folder);
  g_free (password_file);
  g_free (ca_file);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_test_init (&argc, &argv, NULL);
  set_up_all ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/binding/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (own_cases); i++)
    {
      g_autofree char *path
        = g_strconcat ("/relay/certificate/", own_cases[i].name, NULL);
      g_test_add_data_func (path, &own_cases[i], test_own);
    }
  g_test_add_func ("/relay/binding/wrong-password", test_wrong_password);
  g_test_add_func ("/relay/certificate/nothing-shown", test_nothing_shown);
  g_test_add_func ("/relay/certificate/bad-keys", test_bad_keys);
  int result = g_test_run ();
  tear_down_all ();
  return result;
}
