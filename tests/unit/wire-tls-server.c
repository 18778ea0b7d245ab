/* The handshake as a server, against clients good and bad. */
#include "folder.h"
#include "wire-end.h"

#include <gnutls/gnutls.h>
#include <string.h>
#include <unistd.h>

#define TLS10 "NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT"
#define TLS11 "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT"
#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"

static char *folder;
static char *ca_file;
static EstIdentity *identity;

typedef struct
{
  EstWire *wire;
  GCancellable *cancellable;
  int far;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->cancellable = g_cancellable_new ();
  fixture->wire = make_wire (fixture->cancellable, &fixture->far);
  est_wire_set_deadline (fixture->wire, 5000);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  est_wire_free (fixture->wire);
  close (fixture->far);
  g_object_unref (fixture->cancellable);
}

typedef struct
{
  const char *name;
  const char *priority;
  const char *host;   /* the client verifies */
  const char *result; /* how the version is called; NULL: no handshake */
} Case;

static const Case cases[] = {
  {"1.3",  TLS13,    "localhost", "TLS1.3 "},
  {"1.2",  TLS12,    "localhost", "TLS1.2 "},
  {"both", "NORMAL", "127.0.0.1", "TLS1.3 "},
  {"v6",   "NORMAL", "::1",       "TLS1.3 "},
  {"1.1",  TLS11,    "localhost", NULL     },
  {"1.0",  TLS10,    "localhost", NULL     },
};

typedef struct
{
  int fd;
  const Case *wish;
  gboolean shaken;
  gboolean resumable; /* the server gave a ticket, or keeps sessions */
  char heard[64];
} Client;

/* Shakes hands, says a line and hears one, and does not say goodbye. */
static gpointer
speak (gpointer data)
{
  Client *client = data;
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
  gnutls_certificate_allocate_credentials (&credentials);
  gnutls_certificate_set_x509_trust_file (credentials, ca_file, GNUTLS_X509_FMT_PEM);
  gnutls_init (&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
  gnutls_priority_set_direct (session, client->wish->priority, NULL);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_session_set_verify_cert (session, client->wish->host, 0);
  gnutls_transport_set_int (session, client->fd);
  int code = gnutls_handshake (session);
  client->shaken = code == 0;
  if (!client->shaken)
    gnutls_alert_send_appropriate (session, code);
  if (client->shaken && gnutls_record_send (session, "one\r\ntwo\r\n", 10) == 10)
    {
      gnutls_record_recv (session, client->heard, sizeof client->heard - 1);
      client->resumable
        = (gnutls_session_get_flags (session) & GNUTLS_SFLAGS_SESSION_TICKET) != 0;
    }
  shutdown (client->fd, SHUT_WR);
  gnutls_deinit (session);
  gnutls_certificate_free_credentials (credentials);
  return NULL;
}

static void
exchange_lines (EstWire *wire, const Case *c)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_assert_true (g_str_has_prefix (est_wire_tls_description (wire), c->result));
  g_assert_true (est_wire_read_line (wire, line, 100, NULL, &error));
  g_assert_cmpstr (line->str, ==, "one");
  g_assert_true (est_wire_has_input (wire));
  g_assert_true (est_wire_read_line (wire, line, 100, NULL, &error));
  g_assert_cmpstr (line->str, ==, "two");
  g_assert_true (est_wire_print (wire, NULL, "three\r\n"));
  g_assert_true (est_wire_flush (wire, NULL));
  /* An end without close_notify is an end, not a line. */
  g_assert_false (est_wire_read_line (wire, line, 100, NULL, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED);
}

/* Never another octet, least of all in the clear. */
static void
assert_dead (EstWire *wire)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (est_wire_is_secure (wire));
  g_assert_true (est_wire_print (wire, NULL, "220 here\r\n"));
  g_assert_false (est_wire_flush (wire, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED);
}

static void
accept_and_fail (Fixture *fixture, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (est_wire_accept_tls (fixture->wire, identity, &error));
  g_assert_error (error, domain, code);
  assert_dead (fixture->wire);
}

static void
test_versions (Fixture *fixture, gconstpointer data)
{
  const Case *c = data;
  Client client = {.fd = fixture->far, .wish = c};
  GThread *thread = g_thread_new ("client", speak, &client);
  if (c->result == NULL)
    accept_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_TLS);
  else
    {
      g_autoptr (GError) error = NULL;
      est_wire_accept_tls (fixture->wire, identity, &error);
      g_assert_no_error (error);
      exchange_lines (fixture->wire, c);
    }
  g_thread_join (thread);
  g_assert_cmpint (client.shaken, ==, c->result != NULL);
  g_assert_cmpstr (client.heard, ==, c->result != NULL ? "three\r\n" : "");
  g_assert_false (client.resumable);
}

/* A client that does not trust us says so, and that is no success. */
static void
test_untrusting (Fixture *fixture, gconstpointer data)
{
  static const Case wish = {"", TLS12, "example.org", NULL};
  Client client = {.fd = fixture->far, .wish = &wish};
  GThread *thread = g_thread_new ("client", speak, &client);
  accept_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_TLS);
  g_thread_join (thread);
}

static void
say (Fixture *fixture, const char *text)
{
  g_assert_cmpint (write (fixture->far, text, strlen (text)), ==, strlen (text));
}

/* What came in the same packet as STARTTLS must never count. */
static void
test_injected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) line = g_string_new (NULL);
  say (fixture, "STARTTLS\r\nMAIL FROM:<eve@example.org>\r\n");
  g_assert_true (est_wire_read_line (fixture->wire, line, 512, NULL, NULL));
  accept_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_INJECTED);
}

static void
test_no_tls (Fixture *fixture, gconstpointer data)
{
  static const char *const words[]
    = {"EHLO me\r\n", "GET / HTTP/1.0\r\n\r\n",
       "\x80\x2e\x01\x03\x01 of SSL 2, and what comes behind it: xxxxxxxxxxxxxxxxxx",
       "\x16\x03\x01\xff\xff"};
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      say (fixture, words[i]);
      accept_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_TLS);
      tear_down (fixture, NULL);
      set_up (fixture, NULL);
    }
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  say (fixture, "\x16\x03\x01");
  shutdown (fixture->far, SHUT_WR);
  accept_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED);
}

/* One octet of a handshake at a time: the deadline is for all of it. */
static gpointer
drip (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  static const char hello[] = "\x16\x03\x01\x02\x00";
  for (guint i = 0; i < 100; i++)
    {
      if (send (fd, i < 5 ? &hello[i] : "x", 1, MSG_NOSIGNAL) < 0)
        break;
      g_usleep (20000);
    }
  return NULL;
}

static void
test_drip (Fixture *fixture, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("drip", drip, GINT_TO_POINTER (fixture->far));
  est_wire_set_deadline (fixture->wire, 200);
  accept_and_fail (fixture, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
  g_thread_join (thread);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  GThread *thread = g_thread_new ("cancel", cancel_soon, fixture->cancellable);
  accept_and_fail (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

/* Waiting takes nothing away, and knows its deadline. */
static void
test_wait (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  est_wire_set_deadline (fixture->wire, 50);
  g_assert_false (est_wire_wait (fixture->wire, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT);
  est_wire_set_deadline (fixture->wire, 5000);
  say (fixture, "x");
  g_assert_true (est_wire_wait (fixture->wire, NULL));
  g_assert_false (est_wire_has_input (fixture->wire));
}

static void
make_identity (void)
{
  g_autoptr (GError) error = NULL;
  folder = g_dir_make_tmp ("estafeta-XXXXXX", NULL);
  ca_file = g_build_filename (folder, "ca.pem", NULL);
  g_autofree char *path = g_build_filename (folder, "localhost.pem", NULL);
  identity = est_identity_get (path, &error);
  g_assert_no_error (error);
  g_assert_true (
    g_file_set_contents (ca_file, est_identity_certificate (identity), -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_identity ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/tls-server/", cases[i].name, NULL);
      g_test_add (path, Fixture, &cases[i], set_up, test_versions, tear_down);
    }
#define ADD(name, function)                                                              \
  g_test_add ("/wire/tls-server/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("untrusting", test_untrusting);
  ADD ("injected", test_injected);
  ADD ("no-tls", test_no_tls);
  ADD ("closed", test_closed);
  ADD ("drip", test_drip);
  ADD ("cancel", test_cancel);
  ADD ("wait", test_wait);
  int result = g_test_run ();
  est_identity_unref (identity);
  remove_folder (folder);
  g_free (folder);
  g_free (ca_file);
  return result;
}
