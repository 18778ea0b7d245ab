/* GnuTLS over a link. GnuTLS knows neither our deadline nor our cancellable: the
   callbacks keep them, and the link's own error is remembered here, because all that
   comes out of GnuTLS is "error in the pull function". */
#include "wire/tls-session.h"

#include "wire/wire.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM"

struct EstTlsSession
{
  gnutls_session_t gnutls;
  EstLink *link;
  EstTrust *trust;       /* as a client: the session uses its credentials to the end */
  EstIdentity *identity; /* as a server: likewise */
  char *host;            /* as a client: the name that is verified */
  EstDemands demands;    /* as a client: borrowed during the handshake */
  EstCertificate *certificate; /* of the other side, as judged; NULL: none yet */
  GError *trouble;             /* the link's, NULL as long as it works */
  gboolean running;            /* shaken hands, and nothing went wrong since */
  char *description;
};

static gssize
note_trouble (EstTlsSession *session, gssize result)
{
  gboolean later = g_error_matches (session->trouble, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  if (session->trouble != NULL)
    gnutls_transport_set_errno (session->gnutls, later ? EAGAIN : EIO);
  return result;
}

static gssize
push (gnutls_transport_ptr_t data, const void *octets, size_t length)
{
  EstTlsSession *session = data;
  g_clear_error (&session->trouble);
  return note_trouble (session,
                       est_link_send (session->link, octets, length, &session->trouble));
}

static gssize
pull (gnutls_transport_ptr_t data, void *octets, size_t size)
{
  EstTlsSession *session = data;
  g_clear_error (&session->trouble);
  return note_trouble (session,
                       est_link_receive (session->link, octets, size, &session->trouble));
}

/* GnuTLS insists on one; pull keeps the deadline, and two clocks would compete. */
static int
never_time_out (gnutls_transport_ptr_t data, unsigned int milliseconds)
{
  return 1;
}

/* The certificate says what is wrong; without one that can be read nothing is known. */
static void
set_untrusted (EstTlsSession *session, GError **error)
{
  const EstCertificate *certificate = session->certificate;
  const char *words = certificate != NULL ? certificate->words : "it cannot be read";
  g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_UNTRUSTED, "certificate for %s: %s",
               session->host, words);
}

/* An old server says so itself, or answers in a version we have not offered. */
static gboolean
is_too_old (EstTlsSession *session, int code)
{
  return session->host != NULL
         && (code == GNUTLS_E_UNSUPPORTED_VERSION_PACKET
             || (code == GNUTLS_E_FATAL_ALERT_RECEIVED
                 && gnutls_alert_get (session->gnutls) == GNUTLS_A_PROTOCOL_VERSION));
}

static void
set_failure (EstTlsSession *session, int code, GError **error)
{
  session->running = session->running && code == GNUTLS_E_AGAIN;
  if (session->trouble != NULL)
    g_propagate_error (error, g_error_copy (session->trouble));
  else if (code == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
    set_untrusted (session, error);
  else if (code == GNUTLS_E_PREMATURE_TERMINATION)
    g_set_error_literal (error, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED,
                         "the other side closed the connection");
  else if (is_too_old (session, code))
    g_set_error_literal (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_OLD,
                         "TLS failed: the other side knows no version as new as TLS 1.2");
  else
    g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TLS, "TLS failed: %s",
                 gnutls_strerror (code));
}

/* TLS 1.3 tickets and warning alerts come out as errors that are none. A link's error is
   never worth another call. */
static gboolean
may_go_on (EstTlsSession *session, gssize code)
{
  return code < 0 && session->trouble == NULL && !gnutls_error_is_fatal ((int) code);
}

static int
prepare (EstTlsSession *session,
         unsigned int end,
         gnutls_certificate_credentials_t credentials)
{
  int code = gnutls_init (&session->gnutls, end);
  if (code == GNUTLS_E_SUCCESS)
    code = gnutls_priority_set_direct (session->gnutls, PRIORITY, NULL);
  if (code == GNUTLS_E_SUCCESS)
    code = gnutls_credentials_set (session->gnutls, GNUTLS_CRD_CERTIFICATE, credentials);
  if (code != GNUTLS_E_SUCCESS)
    return code;

  gnutls_transport_set_ptr (session->gnutls, session);
  gnutls_transport_set_push_function (session->gnutls, push);
  gnutls_transport_set_pull_function (session->gnutls, pull);
  gnutls_transport_set_pull_timeout_function (session->gnutls, never_time_out);
  gnutls_handshake_set_timeout (session->gnutls, GNUTLS_INDEFINITE_TIMEOUT);
  return GNUTLS_E_SUCCESS;
}

/* In the middle of the handshake, so that the other side learns it by an alert, and
   before anything of ours goes out. */
static int
judge (gnutls_session_t gnutls)
{
  EstTlsSession *session = gnutls_transport_get_ptr (gnutls);
  est_certificate_free (session->certificate);
  session->certificate = est_certificate_judge (gnutls, session->host, &session->demands);
  gboolean good
    = session->certificate != NULL && session->certificate->fault == EST_CERTIFICATE_GOOD;
  return good ? GNUTLS_E_SUCCESS : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

static int
expect_host (EstTlsSession *session)
{
  const char *host = session->host;
  gnutls_session_set_verify_function (session->gnutls, judge);
  if (g_hostname_is_ip_address (host))
    return GNUTLS_E_SUCCESS;
  return gnutls_server_name_set (session->gnutls, GNUTLS_NAME_DNS, host, strlen (host));
}

static int
shake_hands (EstTlsSession *session)
{
  int code;
  do
    code = gnutls_handshake (session->gnutls);
  while (may_go_on (session, code));
  return code;
}

/* @code: of what was done before the handshake. */
static gboolean
start (EstTlsSession *session, int code, GError **error)
{
  if (code == GNUTLS_E_SUCCESS)
    code = shake_hands (session);
  if (code != GNUTLS_E_SUCCESS)
    {
      set_failure (session, code, error);
      if (session->trouble == NULL)
        gnutls_alert_send_appropriate (session->gnutls, code);
      return FALSE;
    }
  session->running = TRUE;
  session->description = g_strdup_printf (
    "%s %s", gnutls_protocol_get_name (gnutls_protocol_get_version (session->gnutls)),
    gnutls_cipher_get_name (gnutls_cipher_get (session->gnutls)));
  return TRUE;
}

EstTlsSession *
est_tls_session_connect (EstLink *link,
                         EstTrust *trust,
                         const char *host,
                         const EstClientPair *own,
                         const EstDemands *demands,
                         EstCertificate **certificate,
                         GError **error)
{
  g_autoptr (EstTlsSession) session = g_new0 (EstTlsSession, 1);
  session->link = link;
  session->trust = est_trust_ref (trust);
  session->host = g_strdup (host);
  session->demands = *demands;
  int code = prepare (session, GNUTLS_CLIENT, est_trust_credentials (trust));
  if (code == GNUTLS_E_SUCCESS)
    {
      est_client_pair_show (own, session->gnutls);
      code = expect_host (session);
    }
  gboolean started = start (session, code, error);
  *certificate = g_steal_pointer (&session->certificate);
  return started ? g_steal_pointer (&session) : NULL;
}

/* No tickets: resuming would save a local program nothing. */
EstTlsSession *
est_tls_session_accept (EstLink *link, EstIdentity *identity, GError **error)
{
  g_autoptr (EstTlsSession) session = g_new0 (EstTlsSession, 1);
  session->link = link;
  session->identity = est_identity_ref (identity);
  int code = prepare (session, GNUTLS_SERVER | GNUTLS_NO_TICKETS,
                      est_identity_credentials (identity));
  return start (session, code, error) ? g_steal_pointer (&session) : NULL;
}

void
est_tls_session_free (EstTlsSession *session)
{
  if (session == NULL)
    return;
  if (session->running)
    {
      session->link->deadline = 0;
      gnutls_bye (session->gnutls, GNUTLS_SHUT_WR);
    }
  gnutls_deinit (session->gnutls);
  est_trust_unref (session->trust);
  est_identity_unref (session->identity);
  est_certificate_free (session->certificate);
  g_clear_error (&session->trouble);
  g_free (session->host);
  g_free (session->description);
  g_free (session);
}

gssize
est_tls_session_receive (EstTlsSession *session, char *buffer, gsize size, GError **error)
{
  gssize got;
  g_clear_error (&session->trouble);
  do
    got = gnutls_record_recv (session->gnutls, buffer, size);
  while (may_go_on (session, got));
  if (got < 0)
    set_failure (session, (int) got, error);
  return MAX (got, -1);
}

gssize
est_tls_session_send (EstTlsSession *session,
                      const char *data,
                      gsize length,
                      GError **error)
{
  gssize sent;
  do
    sent = gnutls_record_send (session->gnutls, data, length);
  while (may_go_on (session, sent));
  if (sent < 0)
    set_failure (session, (int) sent, error);
  return MAX (sent, -1);
}

gboolean
est_tls_session_has_input (EstTlsSession *session)
{
  return gnutls_record_check_pending (session->gnutls) > 0;
}

const char *
est_tls_session_description (EstTlsSession *session)
{
  return session->description;
}

/* RFC 9266 for TLS 1.3; before, what was unique there, and only where the extended master
   secret (RFC 7627) makes it so: without it the binding can be had twice. */
static gboolean
name_binding (EstTlsSession *session, EstBinding *binding, gnutls_channel_binding_t *type)
{
  gboolean modern = gnutls_protocol_get_version (session->gnutls) >= GNUTLS_TLS1_3;
  binding->name = modern ? "tls-exporter" : "tls-unique";
  *type = modern ? GNUTLS_CB_TLS_EXPORTER : GNUTLS_CB_TLS_UNIQUE;
  return modern || gnutls_session_ext_master_secret_status (session->gnutls) != 0;
}

gboolean
est_tls_session_get_binding (EstTlsSession *session, EstBinding *binding)
{
  gnutls_datum_t octets = {NULL, 0};
  gnutls_channel_binding_t type;
  if (!name_binding (session, binding, &type)
      || gnutls_session_channel_binding (session->gnutls, type, &octets)
           != GNUTLS_E_SUCCESS)
    return FALSE;
  gboolean fits = octets.size > 0 && octets.size <= sizeof binding->octets;
  binding->length = fits ? octets.size : 0;
  memcpy (binding->octets, octets.data, binding->length);
  gnutls_free (octets.data);
  return fits;
}
