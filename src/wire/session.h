/* A TLS session, as a client, over a link whose waits keep their deadline and
   cancellable. Internal to wire/. */
#pragma once

#include "wire/link.h"
#include "wire/tls.h"

typedef struct EstSession EstSession;

/* Does the handshake and verifies the certificate for @host. Borrows @link, which must
   stay where it is. EST_WIRE_ERROR_UNTRUSTED, _TLS and what the link says. */
EstSession *
est_session_new (EstLink *link, EstTrust *trust, const char *host, GError **error);

/* Says close_notify if it goes without waiting. */
void est_session_free (EstSession *session);

/* As est_link_receive() and est_link_send(). */
gssize
est_session_receive (EstSession *session, char *buffer, gsize size, GError **error);
gssize
est_session_send (EstSession *session, const char *data, gsize length, GError **error);

/* Whether octets wait here, decrypted. */
gboolean est_session_has_input (EstSession *session);

const char *est_session_description (EstSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstSession, est_session_free)
