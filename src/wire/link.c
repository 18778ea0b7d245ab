/* The one place where a conversation waits. */
#include "wire/link.h"

#include "wire/wire.h"

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

gboolean
est_link_wait (EstLink *link, GError **error)
{
  g_autoptr (GError) cause = NULL;
  return est_link_has_stash (link) || wait_for (link, G_IO_IN, &cause)
         || translate (cause, error) == 0;
}
