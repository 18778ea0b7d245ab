/* Octets over a non-blocking socket, where every wait obeys one deadline and one
   cancellable: what wire.c uses directly and the TLS session from its callbacks. Internal
   to wire/. Errors: EST_WIRE_ERROR_CLOSED, _TIMED_OUT, G_IO_ERROR_CANCELLED. */
#pragma once

#include "wire/deadline.h"

#include <gio/gio.h>

#define EST_LINK_UNBOUNDED G_MAXINT64

typedef struct
{
  GSocket *socket;
  GCancellable *cancellable; /* may be NULL */
  EstDeadline deadline;      /* or EST_LINK_UNBOUNDED */
  gboolean hasty;            /* receiving does not wait: G_IO_ERROR_WOULD_BLOCK */

  /* What arrived while sending had to wait, of two that would else wait for each other;
     NULL: nothing is taken in then. */
  GByteArray *stash;
  gboolean ended; /* nothing more can be taken in */
} EstLink;

/* At least one octet; 0 at the end of the stream, -1 on error. A flood that never lets us
   wait meets the deadline as well. */
gssize est_link_receive (EstLink *link, char *buffer, gsize size, GError **error);

/* At least one octet; -1 on error. Octets that go without waiting are taken even when the
   deadline has passed: that is how a farewell is tried once. */
gssize est_link_send (EstLink *link, const char *data, gsize length, GError **error);

/* Whether octets were taken in that nobody received yet. */
gboolean est_link_has_stash (const EstLink *link);

/* Waits until there is something to receive, be it the end of the stream. */
gboolean est_link_wait (EstLink *link, GError **error);

/* The same, or until something can be read from the file descriptor @wake. A deadline
   that passed in the machine's sleep has passed, whatever came meanwhile. */
gboolean est_link_wait_or (EstLink *link, int wake, GError **error);

/* See est_wire_has_way(). */
gboolean est_link_has_way (const EstLink *link);
