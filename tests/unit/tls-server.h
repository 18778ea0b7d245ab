/* For tests: certificates made on the spot, and a TLS server end in a thread that echoes
   lines over a socket pair. */
#pragma once

#include <gio/gio.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
} TlsIdentity;

static gnutls_x509_privkey_t
make_key (void)
{
  gnutls_x509_privkey_t key;
  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (
    gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                  GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
    ==, 0);
  return key;
}

/* @issuer NULL: an authority that signs itself. @host NULL: an authority; else the name,
   or address literal, the certificate is for. @days: until it expires. */
static TlsIdentity
make_identity (const TlsIdentity *issuer, const char *host, int days)
{
  static guint8 serial = 0;
  TlsIdentity identity = {.key = make_key ()};
  gnutls_x509_crt_t certificate;
  time_t now = time (NULL);
  serial++;
  g_assert_cmpint (gnutls_x509_crt_init (&certificate), ==, 0);
  gnutls_x509_crt_set_version (certificate, 3);
  gnutls_x509_crt_set_serial (certificate, &serial, 1);
  gnutls_x509_crt_set_activation_time (certificate, now - 10 * 86400);
  gnutls_x509_crt_set_expiration_time (certificate, now + days * 86400);
  gnutls_x509_crt_set_key (certificate, identity.key);
  const char *name = host != NULL ? host : "Test Authority";
  g_autofree char *own_name = g_strdup_printf ("%s %u", name, serial);
  gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, own_name,
                                 strlen (own_name));
  gnutls_x509_crt_set_ca_status (certificate, host == NULL);
  if (host != NULL)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
      gnutls_x509_crt_set_subject_alt_name (
        certificate, address != NULL ? GNUTLS_SAN_IPADDRESS : GNUTLS_SAN_DNSNAME,
        address != NULL ? (const void *) g_inet_address_to_bytes (address) : host,
        address != NULL ? g_inet_address_get_native_size (address) : strlen (host),
        GNUTLS_FSAN_SET);
    }
  identity.certificate = certificate;
  const TlsIdentity *signer = issuer != NULL ? issuer : &identity;
  g_assert_cmpint (gnutls_x509_crt_sign2 (certificate, signer->certificate, signer->key,
                                          GNUTLS_DIG_SHA256, 0),
                   ==, 0);
  return identity;
}

static void
clear_identity (TlsIdentity *identity)
{
  gnutls_x509_crt_deinit (identity->certificate);
  gnutls_x509_privkey_deinit (identity->key);
}

/* Writes the certificate as PEM into @file. */
static inline void
write_certificate (const TlsIdentity *identity, const char *file)
{
  gnutls_datum_t pem;
  g_assert_cmpint (
    gnutls_x509_crt_export2 (identity->certificate, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  g_assert_true (g_file_set_contents (file, (const char *) pem.data, pem.size, NULL));
  gnutls_free (pem.data);
}

typedef struct
{
  int fd;
  TlsIdentity *identity;
  const char *priority;
  const TlsIdentity *above; /* shown with it; NULL: it is shown alone */
} TlsServer;

/* Not gnutls_certificate_set_x509_key(): that leaves out what it sees no use for. */
static void
show (const TlsServer *server, gnutls_certificate_credentials_t credentials)
{
  gnutls_pcert_st *shown
    = gnutls_calloc (2, sizeof *shown); /* its parts are taken over */
  gnutls_privkey_t key;
  gnutls_privkey_init (&key);
  gnutls_privkey_import_x509 (key, server->identity->key, GNUTLS_PRIVKEY_IMPORT_COPY);
  gnutls_pcert_import_x509 (&shown[0], server->identity->certificate, 0);
  if (server->above != NULL)
    gnutls_pcert_import_x509 (&shown[1], server->above->certificate, 0);
  g_assert_cmpint (gnutls_certificate_set_key (credentials, NULL, 0, shown,
                                               server->above != NULL ? 2 : 1, key),
                   ==, 0);
  gnutls_free (shown);
}

/* Reads and echoes until the client says goodbye, then does the same. */
static inline gpointer
serve_echo (gpointer data)
{
  TlsServer *server = data;
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
  static char buffer[16384];
  gnutls_certificate_allocate_credentials (&credentials);
  show (server, credentials);
  gnutls_init (&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
  gnutls_priority_set_direct (session, server->priority, NULL);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_transport_set_int (session, server->fd);
  gssize got = gnutls_handshake (session) == 0;
  while (got > 0)
    {
      got = gnutls_record_recv (session, buffer, sizeof buffer);
      for (gssize at = 0, sent = 1; sent > 0 && at < got; at += sent)
        sent = gnutls_record_send (session, buffer + at, got - at);
    }
  gnutls_bye (session, GNUTLS_SHUT_WR);
  gnutls_deinit (session);
  gnutls_certificate_free_credentials (credentials);
  close (server->fd);
  return NULL;
}
