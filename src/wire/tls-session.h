/* A TLS session, of either end, over a link whose waits keep their deadline and
   cancellable. Internal to wire/. */
#pragma once

#include "wire/binding.h"
#include "wire/certificate.h"
#include "wire/client-pair.h"
#include "wire/identity.h"
#include "wire/link.h"
#include "wire/tls.h"

typedef struct EstTlsSession EstTlsSession;

/* Does the handshake as a client and verifies the certificate for @host and @demands.
   Borrows @link, and @own (may be NULL), which is shown if the server asks for a
   certificate; both must stay where they are. @certificate, the caller's to free: what
   the server showed, with an error too; NULL if nothing was. EST_WIRE_ERROR_UNTRUSTED,
   _TLS and what the link says. */
EstTlsSession *est_tls_session_connect (EstLink *link,
                                        EstTrust *trust,
                                        const char *host,
                                        const EstClientPair *own,
                                        const EstDemands *demands,
                                        EstCertificate **certificate,
                                        GError **error);

/* Does the handshake as a server that shows @identity and asks for no certificate. */
EstTlsSession *
est_tls_session_accept (EstLink *link, EstIdentity *identity, GError **error);

/* Says close_notify if it goes without waiting. */
void est_tls_session_free (EstTlsSession *session);

/* As est_link_receive() and est_link_send(). */
gssize est_tls_session_receive (EstTlsSession *session,
                                char *buffer,
                                gsize size,
                                GError **error);
gssize est_tls_session_send (EstTlsSession *session,
                             const char *data,
                             gsize length,
                             GError **error);

/* Whether octets wait here, decrypted. */
gboolean est_tls_session_has_input (EstTlsSession *session);

const char *est_tls_session_description (EstTlsSession *session);

/* FALSE if there is nothing that can be bound to. */
gboolean est_tls_session_get_binding (EstTlsSession *session, EstBinding *binding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstTlsSession, est_tls_session_free)
