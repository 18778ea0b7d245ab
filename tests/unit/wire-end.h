/* For tests: a wire at one end of a socket pair, whose other end is a plain descriptor.
 */
#pragma once

#include "wire/wire.h"

#include <sys/socket.h>

static inline EstWire *
make_wire (GCancellable *cancellable, int *far)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_autoptr (GSocket) near = g_socket_new_from_fd (fds[0], NULL);
  *far = fds[1];
  return est_wire_new (near, cancellable);
}

/* In a thread. */
static inline gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (150000);
  g_cancellable_cancel (cancellable);
  return NULL;
}
