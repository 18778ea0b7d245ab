/* For tests: a relay in a thread that speaks SMTP over TLS and leaves signing in to GNU
   SASL's server side, bound to its own TLS session; and somebody in between, who has a
   good certificate and a TLS session with either end. */
#pragma once

#include "tls-server.h"

#include <glib-unix.h>
#include <gsasl.h>
#include <poll.h>

typedef enum
{
  LIE_NONE,
  LIE_EARLY_YES,   /* says 235 to the client's first message */
  LIE_WRONG_PROOF, /* signs with something else than the password */
} Lie;

typedef struct
{
  const char *offer; /* mechanisms, divided by blanks */
  const char *priority;
  const char *password;
  const char *rounds;
  gboolean binds; /* its SASL can, whatever it offers */
  Lie lie;
  TlsIdentity *identity;
  TlsIdentity *authority; /* asks for certificates of this one; NULL: for none */

  GSocket *listener;
  guint16 port;
  GThread *thread;
  gnutls_session_t tls;
  char *said;      /* the client's first message, decoded */
  char *peer_name; /* of the certificate the client showed; NULL: none */
} SaslRelay;

static GSocket *
listen_anywhere (guint16 *port)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  GSocket *listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                    G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_bind (listener, any, FALSE, NULL));
  g_assert_true (g_socket_listen (listener, NULL));
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (listener, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  return listener;
}

/* GSocket only behaves as if it blocked; GnuTLS needs one that does. */
static int
accept_blocking (GSocket *listener)
{
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, NULL);
  int fd = dup (g_socket_get_fd (socket));
  g_assert_true (g_unix_set_fd_nonblocking (fd, FALSE, NULL));
  return fd;
}

static gnutls_certificate_credentials_t
make_credentials (const TlsIdentity *identity, const TlsIdentity *authority)
{
  gnutls_certificate_credentials_t credentials;
  gnutls_certificate_allocate_credentials (&credentials);
  if (identity != NULL)
    gnutls_certificate_set_x509_key (
      credentials, (gnutls_x509_crt_t *) &identity->certificate, 1, identity->key);
  if (authority != NULL)
    gnutls_certificate_set_x509_trust (credentials,
                                       (gnutls_x509_crt_t *) &authority->certificate, 1);
  return credentials;
}

/* Takes @fd over; FALSE if no handshake came about. */
static gboolean
shake (gnutls_session_t *tls,
       unsigned int end,
       int fd,
       const char *priority,
       gnutls_certificate_credentials_t credentials,
       gboolean asks)
{
  gnutls_init (tls, end | GNUTLS_NO_SIGNAL);
  gnutls_priority_set_direct (*tls, priority, NULL);
  gnutls_credentials_set (*tls, GNUTLS_CRD_CERTIFICATE, credentials);
  if (asks)
    gnutls_certificate_server_set_request (*tls, GNUTLS_CERT_REQUEST);
  gnutls_transport_set_int (*tls, fd);
  return gnutls_handshake (*tls) == 0;
}

static void
end_tls (gnutls_session_t tls, gnutls_certificate_credentials_t credentials)
{
  int fd = gnutls_transport_get_int (tls);
  gnutls_bye (tls, GNUTLS_SHUT_WR);
  gnutls_deinit (tls);
  gnutls_certificate_free_credentials (credentials);
  close (fd);
}

static void
tell (SaslRelay *relay, const char *code, const char *text)
{
  g_autofree char *line = g_strdup_printf ("%s %s\r\n", code, text);
  gnutls_record_send (relay->tls, line, strlen (line));
}

/* Without its end; NULL at the end of the connection. */
static char *
hear (SaslRelay *relay)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char octet;
  while (gnutls_record_recv (relay->tls, &octet, 1) == 1)
    {
      if (octet == '\n')
        return g_strndup (line->str, line->len - 1);
      g_string_append_c (line, octet);
    }
  return NULL;
}

static int
provide_binding (SaslRelay *relay, Gsasl_session *session, Gsasl_property property)
{
  gnutls_datum_t octets;
  gboolean exporter = property == GSASL_CB_TLS_EXPORTER;
  gboolean modern = gnutls_protocol_get_version (relay->tls) >= GNUTLS_TLS1_3;
  if (!relay->binds || exporter != modern
      || gnutls_session_channel_binding (
           relay->tls, exporter ? GNUTLS_CB_TLS_EXPORTER : GNUTLS_CB_TLS_UNIQUE, &octets)
           != 0)
    return GSASL_NO_CALLBACK;
  g_autofree char *text = g_base64_encode (octets.data, octets.size);
  gnutls_free (octets.data);
  return gsasl_property_set (session, property, text);
}

static int
provide (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  SaslRelay *relay = gsasl_session_hook_get (session);
  switch (property)
    {
    case GSASL_PASSWORD:
      return gsasl_property_set (session, property, relay->password);
    case GSASL_SCRAM_ITER:
      return gsasl_property_set (session, property, relay->rounds);
    case GSASL_CB_TLS_EXPORTER:
    case GSASL_CB_TLS_UNIQUE:
      return provide_binding (relay, session, property);
    case GSASL_VALIDATE_EXTERNAL:
      return relay->peer_name != NULL ? GSASL_OK : GSASL_AUTHENTICATION_ERROR;
    default:
      return GSASL_NO_CALLBACK;
    }
}

/* One more answer of the client after @challenge; NULL if it is gone or calls it off. */
static char *
challenge_client (SaslRelay *relay, const char *challenge)
{
  tell (relay, "334", challenge);
  char *response = hear (relay);
  if (response != NULL && strcmp (response, "*") != 0)
    return response;
  g_free (response);
  return NULL;
}

static void
note_first (SaslRelay *relay, const char *response)
{
  gsize length;
  g_autofree guchar *octets = g_base64_decode (response, &length);
  g_free (relay->said);
  relay->said = g_strndup ((const char *) octets, length);
}

static const char *
twist (const SaslRelay *relay, int code, const char *challenge)
{
  if (relay->lie != LIE_WRONG_PROOF || code != GSASL_OK)
    return challenge;
  return "dj1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
         "QUFBQUFBQUFBQUFBPQ=="; /* v=AAAA...= */
}

static const char *
run_exchange (SaslRelay *relay, Gsasl_session *session, char *response)
{
  int code = GSASL_NEEDS_MORE;
  note_first (relay, response);
  while (response != NULL && code == GSASL_NEEDS_MORE)
    {
      char *challenge = NULL;
      code = gsasl_step64 (session, response, &challenge);
      g_clear_pointer (&response, g_free);
      if (relay->lie == LIE_EARLY_YES)
        code = GSASL_OK;
      else if (code == GSASL_NEEDS_MORE || (code == GSASL_OK && *challenge != '\0'))
        {
          response = challenge_client (relay, twist (relay, code, challenge));
          if (response == NULL)
            code = GSASL_AUTHENTICATION_ERROR;
        }
      gsasl_free (challenge);
    }
  g_free (response);
  return code == GSASL_OK ? "235" : "535";
}

static void
admit (SaslRelay *relay, char **words)
{
  Gsasl *library;
  Gsasl_session *session;
  const char *initial = words[1] != NULL && words[2] != NULL ? words[2] : "";
  g_assert_cmpint (gsasl_init (&library), ==, GSASL_OK);
  gsasl_callback_set (library, provide);
  g_assert_cmpint (gsasl_server_start (library, words[1], &session), ==, GSASL_OK);
  gsasl_session_hook_set (session, relay);
  tell (
    relay,
    run_exchange (relay, session, g_strdup (strcmp (initial, "=") == 0 ? "" : initial)),
    "so it is");
  gsasl_finish (session);
  gsasl_done (library);
}

static void
converse (SaslRelay *relay)
{
  tell (relay, "220", "relay");
  for (gboolean going = TRUE; going;)
    {
      g_autofree char *line = hear (relay);
      g_auto (GStrv) words = g_strsplit (line != NULL ? line : "", " ", -1);
      going = line != NULL && strcmp (line, "QUIT") != 0;
      if (g_strcmp0 (words[0], "EHLO") == 0)
        tell (relay, "250-relay\r\n250 AUTH", relay->offer);
      else if (g_strcmp0 (words[0], "AUTH") == 0)
        admit (relay, words);
      else if (!going && line != NULL)
        tell (relay, "221", "bye");
    }
}

static void
note_certificate (SaslRelay *relay)
{
  gnutls_x509_crt_t certificate;
  unsigned int n = 0;
  const gnutls_datum_t *list = gnutls_certificate_get_peers (relay->tls, &n);
  char name[100];
  size_t size = sizeof name;
  if (list == NULL || n == 0)
    return;
  gnutls_x509_crt_init (&certificate);
  gnutls_x509_crt_import (certificate, &list[0], GNUTLS_X509_FMT_DER);
  gnutls_x509_crt_get_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name,
                                 &size);
  gnutls_x509_crt_deinit (certificate);
  relay->peer_name = g_strdup (name);
}

static gpointer
serve_relay (gpointer data)
{
  SaslRelay *relay = data;
  int fd = accept_blocking (relay->listener);
  gnutls_certificate_credentials_t credentials
    = make_credentials (relay->identity, relay->authority);
  if (shake (&relay->tls, GNUTLS_SERVER, fd, relay->priority, credentials,
             relay->authority != NULL))
    {
      note_certificate (relay);
      converse (relay);
    }
  end_tls (relay->tls, credentials);
  return NULL;
}

static void
start_relay (SaslRelay *relay)
{
  relay->listener = listen_anywhere (&relay->port);
  relay->thread = g_thread_new ("relay", serve_relay, relay);
}

static void
end_relay (SaslRelay *relay)
{
  g_thread_join (relay->thread);
  g_object_unref (relay->listener);
  g_free (relay->said);
  g_free (relay->peer_name);
}

typedef struct
{
  TlsIdentity *identity;
  gboolean strips; /* takes the offer of binding out */
  guint16 relay_port;

  GSocket *listener;
  guint16 port;
  GThread *thread;
} Middle;

static int
connect_blocking (guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection
    = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  g_assert_nonnull (connection);
  int fd = dup (g_socket_get_fd (g_socket_connection_get_socket (connection)));
  g_assert_true (g_unix_set_fd_nonblocking (fd, FALSE, NULL));
  return fd;
}

/* FALSE at an end. */
static gboolean
pass_on (gnutls_session_t from, gnutls_session_t to, gboolean strips)
{
  char buffer[16384];
  gssize got = gnutls_record_recv (from, buffer, sizeof buffer);
  if (got <= 0)
    return got == GNUTLS_E_AGAIN;
  g_autoptr (GString) text = g_string_new_len (buffer, got);
  if (strips)
    g_string_replace (text, "SCRAM-SHA-256-PLUS ", "", 0);
  return gnutls_record_send (to, text->str, text->len) > 0;
}

static gpointer
sit_between (gpointer data)
{
  Middle *middle = data;
  gnutls_session_t client, relay;
  int fds[2]
    = {accept_blocking (middle->listener), connect_blocking (middle->relay_port)};
  gnutls_certificate_credentials_t own = make_credentials (middle->identity, NULL);
  gnutls_certificate_credentials_t none = make_credentials (NULL, NULL);
  gboolean going = shake (&client, GNUTLS_SERVER, fds[0], "NORMAL", own, FALSE)
                   && shake (&relay, GNUTLS_CLIENT, fds[1], "NORMAL", none, FALSE);
  g_assert_true (going);
  while (going)
    {
      struct pollfd waits[] = {
        {fds[0], POLLIN, 0},
        {fds[1], POLLIN, 0}
      };
      poll (waits, 2, -1);
      if (waits[0].revents != 0)
        going = pass_on (client, relay, FALSE);
      if (going && waits[1].revents != 0)
        going = pass_on (relay, client, middle->strips);
    }
  end_tls (client, own);
  end_tls (relay, none);
  return NULL;
}

static void
start_middle (Middle *middle)
{
  middle->listener = listen_anywhere (&middle->port);
  middle->thread = g_thread_new ("middle", sit_between, middle);
}

static void
end_middle (Middle *middle)
{
  g_thread_join (middle->thread);
  g_object_unref (middle->listener);
}
