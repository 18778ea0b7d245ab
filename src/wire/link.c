/* The one place where a conversation waits. */
#include "wire/link.h"

#include "wire/wire.h"

#include <errno.h>
#include <string.h>

#define STASH_LIMIT (256 * 1024) /* octets taken in while sending waits */

static gboolean
set_timed_out (GError **error)
{
  g_set_error_literal (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT,
                       "no answer in time");
  return FALSE;
}

static gint64
microseconds_left (const EstLink *link)
{
  return link->deadline == EST_LINK_UNBOUNDED ? -1 : est_deadline_left (link->deadline);
}

static gboolean
wait_for (EstLink *link, GIOCondition condition, GError **error)
{
  gint64 left = microseconds_left (link);
  if (left == 0)
    return set_timed_out (error);
  return g_socket_condition_timed_wait (link->socket, condition, left, link->cancellable,
                                        error);
}

/* The kernel gives up on a peer with ETIMEDOUT: the same to a caller as our own limit. */
static gssize
translate (GError *cause, GError **error)
{
  if (cause->domain == EST_WIRE_ERROR
      || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    set_timed_out (error);
  else
    g_set_error_literal (error, EST_WIRE_ERROR, EST_WIRE_ERROR_CLOSED, cause->message);
  return -1;
}

static gboolean
would_block (const GError *cause)
{
  return g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

gboolean
est_link_has_stash (const EstLink *link)
{
  return link->stash != NULL && link->stash->len > 0;
}

static gssize
receive_stash (EstLink *link, char *buffer, gsize size)
{
  gsize length = MIN (size, link->stash->len);
  memcpy (buffer, link->stash->data, length);
  g_byte_array_remove_range (link->stash, 0, (guint) length);
  return (gssize) length;
}

gssize
est_link_receive (EstLink *link, char *buffer, gsize size, GError **error)
{
  if (est_link_has_stash (link))
    return receive_stash (link, buffer, size);
  for (;;)
    {
      g_autoptr (GError) cause = NULL;
      if (!link->hasty && microseconds_left (link) == 0 && !set_timed_out (error))
        return -1;
      gssize got = g_socket_receive_with_blocking (link->socket, buffer, size, FALSE,
                                                   link->cancellable, &cause);
      if (got >= 0)
        return got;
      if (would_block (cause) && link->hasty)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return -1;
        }
      if (would_block (cause))
        g_clear_error (&cause);
      if (cause != NULL || !wait_for (link, G_IO_IN, &cause))
        return translate (cause, error);
    }
}

/* An end, or trouble, is left for whoever receives next. */
static void
take_in (EstLink *link)
{
  char octets[4096];
  g_autoptr (GError) cause = NULL;
  gssize got = g_socket_receive_with_blocking (link->socket, octets, sizeof octets, FALSE,
                                               NULL, &cause);
  if (got > 0)
    g_byte_array_append (link->stash, (const guint8 *) octets, (guint) got);
  else
    link->ended = got == 0 || !would_block (cause);
}

/* The other side may not read on before its own words were taken. */
static gboolean
wait_to_send (EstLink *link, GError **error)
{
  gboolean takes = link->stash != NULL && !link->ended && link->stash->len < STASH_LIMIT;
  if (!wait_for (link, takes ? G_IO_OUT | G_IO_IN : G_IO_OUT, error))
    return FALSE;
  if (takes)
    take_in (link);
  return TRUE;
}

gssize
est_link_send (EstLink *link, const char *data, gsize length, GError **error)
{
  for (;;)
    {
      g_autoptr (GError) cause = NULL;
      gssize sent = g_socket_send_with_blocking (link->socket, data, length, FALSE,
                                                 link->cancellable, &cause);
      if (sent >= 0)
        return sent;
      if (would_block (cause))
        g_clear_error (&cause);
      if (cause != NULL || !wait_to_send (link, &cause))
        return translate (cause, error);
    }
}

/* g_poll() counts no sleep of the machine, and knows no deadline beyond three weeks:
   whoever calls looks at the clock again. */
static int
milliseconds_left (const EstLink *link)
{
  gint64 left = microseconds_left (link);
  return left < 0 ? -1 : (int) MIN ((left + 999) / 1000, G_MAXINT);
}

/* FALSE: the deadline passed, or (with @error) it was cancelled. */
static gboolean
poll_both (EstLink *link, int wake, GError **error)
{
  GPollFD polled[3] = {
    {g_socket_get_fd (link->socket), G_IO_IN, 0},
    {wake,                           G_IO_IN, 0}
  };
  gboolean cancellable = g_cancellable_make_pollfd (link->cancellable, &polled[2]);
  int ready;
  do
    ready = g_poll (polled, cancellable ? 3 : 2, milliseconds_left (link));
  while (ready < 0 && errno == EINTR);
  if (cancellable)
    g_cancellable_release_fd (link->cancellable);
  return !g_cancellable_set_error_if_cancelled (link->cancellable, error) && ready > 0;
}

gboolean
est_link_wait_or (EstLink *link, int wake, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean ready = poll_both (link, wake, &cause);
  if (cause != NULL)
    return translate (cause, error) == 0;
  return (ready && microseconds_left (link) != 0) || set_timed_out (error);
}

gboolean
est_link_wait (EstLink *link, GError **error)
{
  g_autoptr (GError) cause = NULL;
  return est_link_has_stash (link) || wait_for (link, G_IO_IN, &cause)
         || translate (cause, error) == 0;
}

static gboolean
is_same_host (GSocketAddress *one, GSocketAddress *other)
{
  return g_inet_address_equal (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (one)),
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (other)));
}

/* Connecting a datagram socket only asks the kernel for a route, and which of our
   addresses it begins at. */
gboolean
est_link_has_way (const EstLink *link)
{
  g_autoptr (GSocketAddress) here = g_socket_get_local_address (link->socket, NULL);
  g_autoptr (GSocketAddress) there = g_socket_get_remote_address (link->socket, NULL);
  if (!G_IS_INET_SOCKET_ADDRESS (here) || there == NULL)
    return there != NULL;
  g_autoptr (GSocket) probe
    = g_socket_new (g_socket_address_get_family (there), G_SOCKET_TYPE_DATAGRAM,
                    G_SOCKET_PROTOCOL_UDP, NULL);
  if (probe == NULL || !g_socket_connect (probe, there, NULL, NULL))
    return FALSE;
  g_autoptr (GSocketAddress) begins = g_socket_get_local_address (probe, NULL);
  return begins != NULL && is_same_host (here, begins);
}
