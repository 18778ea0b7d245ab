/* One stream for both ends of SMTP: bounded lines, content, TLS put in place, and a
   deadline that every wait obeys. Blocking; one thread at a time; GCancellable ends any
   wait. */
#pragma once

#include "wire/binding.h"
#include "wire/certificate.h"
#include "wire/client-pair.h"
#include "wire/identity.h"
#include "wire/tls.h"

#include <gio/gio.h>

typedef enum
{
  EST_WIRE_ERROR_CLOSED,    /* the other side is gone: end of file, reset, broken pipe */
  EST_WIRE_ERROR_TIMED_OUT, /* the deadline passed */
  EST_WIRE_ERROR_TOO_LONG,  /* a line over its limit; the rest of it is still unread */
  EST_WIRE_ERROR_UNTRUSTED, /* certificate not valid for that name; message: why, in
                               English; est_wire_certificate() knows more */
  EST_WIRE_ERROR_TOO_OLD,   /* the server knows no version of TLS from 1.2 on */
  EST_WIRE_ERROR_TLS,       /* any other TLS failure */
  EST_WIRE_ERROR_INJECTED,  /* octets were waiting where the handshake must begin */
  EST_WIRE_ERROR_IDENTITY,  /* no certificate of our own can be had, or its key not used;
                               message: why */
} EstWireError;

#define EST_WIRE_ERROR (est_wire_error_quark ())
GQuark est_wire_error_quark (void);

typedef struct EstWire EstWire;

/* Takes a reference on the connected @socket, makes it non-blocking, sets TCP_NODELAY.
   Cancelling @cancellable (may be NULL) ends every wait with G_IO_ERROR_CANCELLED. No
   deadline is set yet: waits are unbounded until est_wire_set_deadline(). */
EstWire *est_wire_new (GSocket *socket, GCancellable *cancellable);

/* Closes the socket, with a close_notify that is tried once, without waiting. */
void est_wire_free (EstWire *wire);

/* Bounds everything from now on until it is set again. */
void est_wire_set_deadline (EstWire *wire, gint64 milliseconds);

/* Reads one line into @line (emptied first) without its CRLF. A bare LF ends a line too;
   @clean (may be NULL) says whether it was CRLF. NUL octets stay in the string's length.
   At most @limit octets, CRLF included, else EST_WIRE_ERROR_TOO_LONG. */
gboolean est_wire_read_line (
  EstWire *wire, GString *line, gsize limit, gboolean *clean, GError **error);

/* After TOO_LONG: drops octets up to and including the next LF. */
gboolean est_wire_skip_line (EstWire *wire, GError **error);

/* Borrows the octets that have arrived, waiting for at least one. Valid until the next
   call; est_wire_consume() says how many were used. NULL on error. */
const char *est_wire_peek (EstWire *wire, gsize *length, GError **error);
void est_wire_consume (EstWire *wire, gsize octets);

/* Whether octets that nobody read yet are buffered here (a pipelining client). Never
 * waits. */
gboolean est_wire_has_input (EstWire *wire);

/* Whether something can be read without waiting: buffered, in the TLS layer, or in the
   kernel (also the end of file). */
gboolean est_wire_is_readable (EstWire *wire);

/* Waits until that is so, reading nothing. */
gboolean est_wire_wait (EstWire *wire, GError **error);

/* The same, or until something can be read from the file descriptor @wake. */
gboolean est_wire_wait_or (EstWire *wire, int wake, GError **error);

/* Whether the kernel would still send from this end's address to the other end's: after a
   change of networks it would not, and the other end is out of reach although nobody has
   said so. Sends nothing. */
gboolean est_wire_has_way (EstWire *wire);

/* For a client that sends much before it reads: what arrives while sending has to wait is
   taken in, up to 256 KiB, so that two cannot wait for each other. */
void est_wire_take_in_while_sending (EstWire *wire);

/* Takes in what has arrived, as far as there is room for it (16 KiB), without waiting.
   FALSE: there is no room left, or the stream has ended, or failed: reading on tells. */
gboolean est_wire_take_in (EstWire *wire);

/* Collects output; sends by itself when its 16 KiB are full. */
gboolean est_wire_write (EstWire *wire, const char *data, gsize length, GError **error);
gboolean est_wire_print (EstWire *wire, GError **error, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* Hands all collected output to the kernel. */
gboolean est_wire_flush (EstWire *wire, GError **error);

/* What to show, at the coming handshake as a client, to a server that asks for a
   certificate; takes @own over (NULL: nothing). */
void est_wire_carry (EstWire *wire, EstClientPair *own);
/* What the next est_wire_start_tls() asks besides; borrowed until that returns. */
void est_wire_demand (EstWire *wire, const EstDemands *demands);

/* Does the handshake as a client, verifies the certificate for @host (a name, or an
   address literal) against @trust and what was demanded. INJECTED if anything was
   buffered before. After a failure the wire is dead. */
gboolean
est_wire_start_tls (EstWire *wire, EstTrust *trust, const char *host, GError **error);

/* The same as a server that shows @identity. What was written must have been flushed. */
gboolean est_wire_accept_tls (EstWire *wire, EstIdentity *identity, GError **error);

gboolean est_wire_is_secure (EstWire *wire);

/* What the server showed in the handshake, also in one that failed by it; NULL if there
   was none. Owned by the wire. */
const EstCertificate *est_wire_certificate (EstWire *wire);

/* "TLS1.3 AES-256-GCM", or NULL without TLS. Owned by the wire. */
const char *est_wire_tls_description (EstWire *wire);

/* What a sign-in can be bound to; FALSE: nothing. */
gboolean est_wire_get_binding (EstWire *wire, EstBinding *binding);

/* "192.0.2.1:465", or "unix". Owned by the wire. */
const char *est_wire_peer_name (EstWire *wire);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstWire, est_wire_free)
