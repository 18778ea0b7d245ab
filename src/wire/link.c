/* The one place where a conversation waits. */
#include "wire/link.h"

#include "wire/wire.h"

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

gssize
est_link_receive (EstLink *link, char *buffer, gsize size, GError **error)
{
  for (;;)
    {
      g_autoptr (GError) cause = NULL;
      if (microseconds_left (link) == 0 && !set_timed_out (error))
        return -1;
      gssize got = g_socket_receive_with_blocking (link->socket, buffer, size, FALSE,
                                                   link->cancellable, &cause);
      if (got >= 0)
        return got;
      if (would_block (cause))
        g_clear_error (&cause);
      if (cause != NULL || !wait_for (link, G_IO_IN, &cause))
        return translate (cause, error);
    }
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
      if (cause != NULL || !wait_for (link, G_IO_OUT, &cause))
        return translate (cause, error);
    }
}

gboolean
est_link_wait (EstLink *link, GError **error)
{
  g_autoptr (GError) cause = NULL;
  return wait_for (link, G_IO_IN, &cause) || translate (cause, error) == 0;
}
