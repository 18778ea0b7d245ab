/* For tests: an authority that is trusted and one that is not, and a wire whose far end
   can be a TLS server. Include it first. */
#pragma once

#include "tls-server.h"
#include "wire-end.h"

#include <glib/gstdio.h>

#define NAME  "mail.example.org"
#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"
#define OLD   "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT"

static char *folder;
static char *ca_file;
static TlsIdentity authority, other_authority;

typedef struct
{
  EstWire *wire;
  EstTrust *trust;
  GCancellable *cancellable;
  int far;
  GThread *thread; /* of meet() */
  TlsIdentity identity;
  const TlsIdentity *above; /* shown with it */
  TlsServer server;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->cancellable = g_cancellable_new ();
  fixture->wire = make_wire (fixture->cancellable, &fixture->far);
  fixture->trust = est_trust_get (ca_file, NULL);
  g_assert_nonnull (fixture->trust);
  est_wire_set_deadline (fixture->wire, 5000);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  est_wire_free (fixture->wire);
  if (fixture->thread != NULL)
    {
      g_thread_join (fixture->thread);
      clear_identity (&fixture->identity);
    }
  est_trust_unref (fixture->trust);
  g_object_unref (fixture->cancellable);
}

/* What is known of the certificate, whatever became of the handshake. */
static void
assert_judged (Fixture *fixture, EstCertificateFault fault, const char *figures)
{
  const EstCertificate *certificate = est_wire_certificate (fixture->wire);
  g_assert_nonnull (certificate);
  g_assert_cmpint (certificate->fault, ==, fault);
  g_assert_true (g_str_has_prefix (certificate->pin, "sha256:"));
  g_assert_cmpint (certificate->words != NULL, ==, fault != EST_CERTIFICATE_GOOD);
  g_assert_cmpint (certificate->voucher == EST_VOUCHER_NOBODY, ==,
                   fault != EST_CERTIFICATE_GOOD);
  if (figures == NULL)
    g_assert_null (certificate->figures);
  else if (!g_str_has_prefix (certificate->figures, figures))
    g_assert_cmpstr (certificate->figures, ==, figures);
}

static void
make_authorities (void)
{
  folder = g_dir_make_tmp ("estafeta-XXXXXX", NULL);
  ca_file = g_build_filename (folder, "ca.pem", NULL);
  authority = make_identity (NULL, NULL, 30);
  other_authority = make_identity (NULL, NULL, 30);
  write_certificate (&authority, ca_file);
}

static void
clear_authorities (void)
{
  g_unlink (ca_file);
  g_rmdir (folder);
  g_free (ca_file);
  g_free (folder);
  clear_identity (&authority);
  clear_identity (&other_authority);
}
