/* The handshake against servers good and bad, and lines through TLS. */
#include "tls-fixture.h"

typedef struct
{
  const char *name;
  const char *certificate_for;
  int days;
  gboolean other_authority;
  const char *priority;
  const char *host;
  int error; /* -1: none */
  EstCertificateFault fault;
  const char *figures; /* how they begin; NULL: there are none */
} Case;

#define UNTRUSTED EST_WIRE_ERROR_UNTRUSTED

static const Case cases[] = {
  {"good-1.3",              NAME,                 9,  FALSE, TLS13, NAME,        -1,                     EST_CERTIFICATE_GOOD,    NULL              },
  {"good-1.2",              NAME,                 9,  FALSE, TLS12, NAME,        -1,                     EST_CERTIFICATE_GOOD,    NULL              },
  {"wildcard",              "*.example.org",      9,  FALSE, TLS13, NAME,        -1,                     EST_CERTIFICATE_GOOD,    NULL              },
  {"address",               "127.0.0.1",          9,  FALSE, TLS13, "127.0.0.1", -1,                     EST_CERTIFICATE_GOOD,    NULL              },
  {"address-v6",            "::1",                9,  FALSE, TLS13, "::1",       -1,                     EST_CERTIFICATE_GOOD,    NULL              },
  {"wrong-name",            "mail.example.com",   9,  FALSE, TLS13, NAME,        UNTRUSTED,
   EST_CERTIFICATE_NAME,                                                                                                          "mail.example.com"},
  {"wrong-address",         "127.0.0.2",          9,  FALSE, TLS13, "127.0.0.1", UNTRUSTED,
   EST_CERTIFICATE_NAME,                                                                                                          "127.0.0.2"       },
  {"wrong-address-v6",      "::2",                9,  FALSE, TLS13, NAME,        UNTRUSTED,              EST_CERTIFICATE_NAME,
   "::2"                                                                                                                                            },
  {"unknown-authority",     NAME,                 9,  TRUE,  TLS13, NAME,        UNTRUSTED,              EST_CERTIFICATE_ISSUER,
   "by Test Authority "                                                                                                                             },
  {"unknown-authority-1.2", NAME,                 9,  TRUE,  TLS12, NAME,        UNTRUSTED,              EST_CERTIFICATE_ISSUER,
   "by Test Authority "                                                                                                                             },
  {"expired",               NAME,                 -2, FALSE, TLS13, NAME,        UNTRUSTED,              EST_CERTIFICATE_EXPIRED, "until "          },
  {"portal",                "portal.example.com", 9,  TRUE,  TLS13, NAME,        UNTRUSTED,              EST_CERTIFICATE_NAME,
   "portal.example.com"                                                                                                                             },
  {"expired-stranger",      NAME,                 -2, TRUE,  TLS13, NAME,        UNTRUSTED,              EST_CERTIFICATE_ISSUER,
   "by Test Authority "                                                                                                                             },
  {"too-old",               NAME,                 9,  FALSE, OLD,   NAME,        EST_WIRE_ERROR_TOO_OLD, EST_CERTIFICATE_GOOD,
   NULL                                                                                                                                             },
};

/* More than one record each way, and a description that names the version. */
static void
exchange_lines (Fixture *fixture, const Case *c)
{
  g_autofree char *text = g_strnfill (40000, 'x');
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_assert_true (est_wire_is_secure (fixture->wire));
  g_assert_true (
    g_str_has_prefix (est_wire_tls_description (fixture->wire),
                      strcmp (c->priority, TLS12) == 0 ? "TLS1.2 " : "TLS1.3 "));
  g_assert_true (est_wire_print (fixture->wire, NULL, "%s\r\nsecond\r\n", text));
  g_assert_true (est_wire_flush (fixture->wire, NULL));
  g_assert_true (est_wire_read_line (fixture->wire, line, 50000, NULL, &error));
  g_assert_cmpstr (line->str, ==, text);
  g_assert_true (est_wire_read_line (fixture->wire, line, 50000, NULL, &error));
  g_assert_cmpstr (line->str, ==, "second");
  g_assert_false (est_wire_is_readable (fixture->wire));
}

/* Never another octet, least of all in the clear. */
static void
assert_dead (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (est_wire_is_secure (fixture->wire));
  g_assert_true (est_wire_print (fixture->wire, NULL, "AUTH PLAIN\r\n"));
  g_assert_false (est_wire_flush (fixture->wire, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED);
}

static void
test_handshake (Fixture *fixture, gconstpointer data)
{
  const Case *c = data;
  TlsIdentity identity = make_identity (
    c->other_authority ? &other_authority : &authority, c->certificate_for, c->days);
  TlsServer server = {fixture->far, &identity, c->priority};
  GThread *thread = g_thread_new ("server", serve_echo, &server);
  g_autoptr (GError) error = NULL;
  est_wire_start_tls (fixture->wire, fixture->trust, c->host, &error);
  if (c->error < 0)
    {
      g_assert_no_error (error);
      exchange_lines (fixture, c);
    }
  else
    {
      g_assert_error (error, EST_WIRE_ERROR, c->error);
      assert_dead (fixture);
    }
  if (c->error == EST_WIRE_ERROR_TOO_OLD)
    g_assert_nonnull (strstr (error->message, "no version as new as TLS 1.2"));
  else
    assert_judged (fixture, c->fault, c->figures);
  g_clear_pointer (&fixture->wire, est_wire_free);
  g_thread_join (thread);
  clear_identity (&identity);
}

static void
start_and_fail (Fixture *fixture, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (est_wire_start_tls (fixture->wire, fixture->trust, NAME, &error));
  g_assert_error (error, domain, code);
  assert_dead (fixture);
}

static void
test_mute (Fixture *fixture, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();
  est_wire_set_deadline (fixture->wire, 200);
  start_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  close (fixture->far);
}

static void
test_no_tls (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (write (fixture->far, "220 mail ready\r\n", 16), ==, 16);
  start_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_TLS);
  close (fixture->far);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  shutdown (fixture->far, SHUT_WR);
  start_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED);
  close (fixture->far);
}

/* What came in the same packet as the go-ahead for STARTTLS must never count. */
static void
test_injected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_assert_cmpint (write (fixture->far, "220 go\r\n250 AUTH\r\n", 18), ==, 18);
  g_assert_true (est_wire_read_line (fixture->wire, line, 512, NULL, NULL));
  start_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_INJECTED);
  close (fixture->far);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, fixture->cancellable);
  g_assert_false (est_wire_start_tls (fixture->wire, fixture->trust, NAME, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  close (fixture->far);
}

/* A deadline works through TLS too, and the far end is told goodbye. */
static void
test_silence (Fixture *fixture, gconstpointer data)
{
  TlsIdentity identity = make_identity (&authority, NAME, 9);
  TlsServer server = {fixture->far, &identity, TLS13};
  GThread *thread = g_thread_new ("server", serve_echo, &server);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_assert_true (est_wire_start_tls (fixture->wire, fixture->trust, NAME, NULL));
  est_wire_set_deadline (fixture->wire, 200);
  g_assert_false (est_wire_read_line (fixture->wire, line, 512, NULL, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT);
  g_clear_pointer (&fixture->wire, est_wire_free);
  g_thread_join (thread);
  clear_identity (&identity);
}

static void
assert_no_trust (const char *file)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (est_trust_get (file, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_UNTRUSTED);
}

static void
test_trust (void)
{
  g_autofree char *file = g_build_filename (folder, "changing.pem", NULL);
  assert_no_trust (file);
  g_assert_true (g_file_set_contents (file, "nothing\n", -1, NULL));
  assert_no_trust (file);

  write_certificate (&authority, file);
  g_autoptr (EstTrust) first = est_trust_get (file, NULL);
  g_autoptr (EstTrust) same = est_trust_get (file, NULL);
  g_assert_nonnull (first);
  g_assert_true (first == same);

  write_certificate (&other_authority, file);
  g_autoptr (EstTrust) other = est_trust_get (file, NULL);
  g_assert_nonnull (other);
  g_assert_true (other != first);
  g_unlink (file);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_authorities ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/tls/handshake/", cases[i].name, NULL);
      g_test_add (path, Fixture, &cases[i], set_up, test_handshake, tear_down);
    }
#define ADD(name, function)                                                              \
  g_test_add ("/wire/tls/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("mute", test_mute);
  ADD ("no-tls", test_no_tls);
  ADD ("closed", test_closed);
  ADD ("injected", test_injected);
  ADD ("cancel", test_cancel);
  ADD ("silence", test_silence);
  g_test_add_func ("/wire/tls/trust", test_trust);
  int result = g_test_run ();
  clear_authorities ();
  return result;
}
