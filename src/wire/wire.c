/* Lines and content over a socket, with TLS in between once it was started. */
#include "wire/wire.h"

#include "base/secret.h"
#include "wire/link.h"
#include "wire/tls-session.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#define BUFFER 16384 /* one TLS record */

struct EstWire
{
  EstLink link;
  EstTlsSession *session; /* NULL without TLS */
  EstClientPair *own;     /* NULL: nothing to show */
  EstDemands demands;
  EstCertificate *certificate; /* of the server; NULL: none was shown */
  char *peer_name;
  gsize in_start, in_end; /* what was received and not read */
  GError *in_error;       /* what ended that, not told yet; NULL */
  gsize out_used;
  char in[BUFFER];
  char out[BUFFER];
};

G_DEFINE_QUARK (est_wire_error, est_wire_error)

static char *
name_peer (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_remote_address (socket, NULL);
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("unix");
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *host
    = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  gboolean brackets = strchr (host, ':') != NULL;
  return g_strdup_printf (brackets ? "[%s]:%u" : "%s:%u", host,
                          g_inet_socket_address_get_port (inet));
}

EstWire *
est_wire_new (GSocket *socket, GCancellable *cancellable)
{
  EstWire *wire = g_new0 (EstWire, 1);
  wire->link.socket = g_object_ref (socket);
  wire->link.cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  wire->link.deadline = EST_LINK_UNBOUNDED;
  wire->peer_name = name_peer (socket);
  g_socket_set_blocking (socket, FALSE);
  if (g_socket_get_family (socket) != G_SOCKET_FAMILY_UNIX)
    g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  return wire;
}

void
est_wire_free (EstWire *wire)
{
  if (wire == NULL)
    return;
  est_tls_session_free (wire->session);
  est_client_pair_free (wire->own);
  est_certificate_free (wire->certificate);
  g_socket_close (wire->link.socket, NULL);
  g_object_unref (wire->link.socket);
  g_clear_pointer (&wire->link.stash, g_byte_array_unref);
  g_clear_error (&wire->in_error);
  g_clear_object (&wire->link.cancellable);
  g_free (wire->peer_name);
  est_secret_wipe (wire, sizeof *wire);
  g_free (wire);
}

void
est_wire_set_deadline (EstWire *wire, gint64 milliseconds)
{
  wire->link.deadline = est_deadline_in (milliseconds);
}

/* Behind what is there already. */
static gboolean
receive (EstWire *wire, GError **error)
{
  char *room = wire->in + wire->in_end;
  gsize size = BUFFER - wire->in_end;
  gssize got = wire->session != NULL
                 ? est_tls_session_receive (wire->session, room, size, error)
                 : est_link_receive (&wire->link, room, size, error);
  if (got == 0)
    g_set_error_literal (error, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED,
                         "the other side closed the connection");
  wire->in_end += (gsize) MAX (got, 0);
  return got > 0;
}

/* Only for an empty buffer: everything that was received is read before more is. */
static gboolean
fill (EstWire *wire, GError **error)
{
  wire->in_start = wire->in_end = 0;
  if (wire->in_error == NULL)
    return receive (wire, error);
  g_propagate_error (error, g_steal_pointer (&wire->in_error));
  return FALSE;
}

void
est_wire_take_in_while_sending (EstWire *wire)
{
  if (wire->link.stash == NULL)
    wire->link.stash = g_byte_array_new ();
}

static void
make_room (EstWire *wire)
{
  memmove (wire->in, wire->in + wire->in_start, wire->in_end - wire->in_start);
  wire->in_end -= wire->in_start;
  wire->in_start = 0;
}

gboolean
est_wire_take_in (EstWire *wire)
{
  make_room (wire);
  wire->link.hasty = TRUE;
  while (wire->in_error == NULL && wire->in_end < BUFFER)
    if (!receive (wire, &wire->in_error))
      break;
  wire->link.hasty = FALSE;
  if (g_error_matches (wire->in_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    g_clear_error (&wire->in_error);
  return wire->in_error == NULL && wire->in_end < BUFFER;
}

const char *
est_wire_peek (EstWire *wire, gsize *length, GError **error)
{
  *length = 0;
  if (!est_wire_has_input (wire) && !fill (wire, error))
    return NULL;
  *length = wire->in_end - wire->in_start;
  return wire->in + wire->in_start;
}

void
est_wire_consume (EstWire *wire, gsize octets)
{
  wire->in_start += MIN (octets, wire->in_end - wire->in_start);
}

/* TRUE and a length up to and including the LF, or FALSE and all there is. */
static gboolean
find_line_end (const char *data, gsize length, gsize *used)
{
  const char *feed = memchr (data, '\n', length);
  *used = feed != NULL ? (gsize) (feed - data) + 1 : length;
  return feed != NULL;
}

static gboolean
cut_line_end (GString *line)
{
  g_string_truncate (line, line->len - 1);
  if (line->len == 0 || line->str[line->len - 1] != '\r')
    return FALSE;
  g_string_truncate (line, line->len - 1);
  return TRUE;
}

gboolean
est_wire_read_line (
  EstWire *wire, GString *line, gsize limit, gboolean *clean, GError **error)
{
  gboolean complete = FALSE;
  g_string_truncate (line, 0);
  while (!complete && line->len < limit)
    {
      gsize length, used;
      const char *data = est_wire_peek (wire, &length, error);
      if (data == NULL)
        return FALSE;
      complete = find_line_end (data, MIN (length, limit - line->len), &used);
      g_string_append_len (line, data, (gssize) used);
      est_wire_consume (wire, used);
    }
  if (!complete)
    {
      g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_LONG,
                   "a line is longer than %" G_GSIZE_FORMAT " octets", limit);
      return FALSE;
    }
  gboolean with_return = cut_line_end (line);
  if (clean != NULL)
    *clean = with_return;
  return TRUE;
}

gboolean
est_wire_skip_line (EstWire *wire, GError **error)
{
  gboolean complete = FALSE;
  while (!complete)
    {
      gsize length, used;
      const char *data = est_wire_peek (wire, &length, error);
      if (data == NULL)
        return FALSE;
      complete = find_line_end (data, length, &used);
      est_wire_consume (wire, used);
    }
  return TRUE;
}

gboolean
est_wire_has_input (EstWire *wire)
{
  return wire->in_start < wire->in_end;
}

gboolean
est_wire_is_readable (EstWire *wire)
{
  return est_wire_has_input (wire) || wire->in_error != NULL
         || est_link_has_stash (&wire->link)
         || (wire->session != NULL && est_tls_session_has_input (wire->session))
         || g_socket_condition_check (wire->link.socket, G_IO_IN) != 0;
}

gboolean
est_wire_wait (EstWire *wire, GError **error)
{
  return est_wire_is_readable (wire) || est_link_wait (&wire->link, error);
}

gboolean
est_wire_wait_or (EstWire *wire, int wake, GError **error)
{
  return est_wire_is_readable (wire) || est_link_wait_or (&wire->link, wake, error);
}

gboolean
est_wire_has_way (EstWire *wire)
{
  return est_link_has_way (&wire->link);
}

static gssize
send_some (EstWire *wire, const char *data, gsize length, GError **error)
{
  if (wire->session != NULL)
    return est_tls_session_send (wire->session, data, length, error);
  return est_link_send (&wire->link, data, length, error);
}

/* What was sent is wiped: a password may have been among it. */
gboolean
est_wire_flush (EstWire *wire, GError **error)
{
  for (gsize done = 0; done < wire->out_used;)
    {
      gssize sent = send_some (wire, wire->out + done, wire->out_used - done, error);
      if (sent < 0)
        return FALSE;
      done += (gsize) sent;
    }
  est_secret_wipe (wire->out, wire->out_used);
  wire->out_used = 0;
  return TRUE;
}

gboolean
est_wire_write (EstWire *wire, const char *data, gsize length, GError **error)
{
  while (length > 0)
    {
      gsize fits = MIN (length, BUFFER - wire->out_used);
      memcpy (wire->out + wire->out_used, data, fits);
      wire->out_used += fits;
      data += fits;
      length -= fits;
      if (wire->out_used == BUFFER && !est_wire_flush (wire, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
est_wire_print (EstWire *wire, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  gsize length = strlen (text);
  gboolean written = est_wire_write (wire, text, length, error);
  est_secret_wipe (text, length);
  return written;
}

static gboolean
is_untouched (EstWire *wire, GError **error)
{
  if (!est_wire_has_input (wire))
    return TRUE;
  g_set_error_literal (error, EST_WIRE_ERROR, EST_WIRE_ERROR_INJECTED,
                       "octets were waiting before the TLS handshake");
  return FALSE;
}

/* A wire whose handshake failed must never carry another octet, least of all in the
   clear: its socket is closed at once. */
static gboolean
take_session (EstWire *wire, EstTlsSession *session)
{
  wire->session = session;
  if (session == NULL)
    g_socket_close (wire->link.socket, NULL);
  return session != NULL;
}

void
est_wire_carry (EstWire *wire, EstClientPair *own)
{
  est_client_pair_free (wire->own);
  wire->own = own;
}

void
est_wire_demand (EstWire *wire, const EstDemands *demands)
{
  wire->demands = *demands;
}

gboolean
est_wire_start_tls (EstWire *wire, EstTrust *trust, const char *host, GError **error)
{
  EstTlsSession *session = NULL;
  if (is_untouched (wire, error))
    session = est_tls_session_connect (&wire->link, trust, host, wire->own,
                                       &wire->demands, &wire->certificate, error);
  return take_session (wire, session);
}

gboolean
est_wire_accept_tls (EstWire *wire, EstIdentity *identity, GError **error)
{
  EstTlsSession *session = NULL;
  if (is_untouched (wire, error))
    session = est_tls_session_accept (&wire->link, identity, error);
  return take_session (wire, session);
}

gboolean
est_wire_is_secure (EstWire *wire)
{
  return wire->session != NULL;
}

const EstCertificate *
est_wire_certificate (EstWire *wire)
{
  return wire->certificate;
}

const char *
est_wire_tls_description (EstWire *wire)
{
  return wire->session != NULL ? est_tls_session_description (wire->session) : NULL;
}

gboolean
est_wire_get_binding (EstWire *wire, EstBinding *binding)
{
  return wire->session != NULL && est_tls_session_get_binding (wire->session, binding);
}

const char *
est_wire_peer_name (EstWire *wire)
{
  return wire->peer_name;
}
