/* Whose socket is at the other end? Asked of the kernel: SO_PEERCRED on Unix sockets, one
   netlink query (sock_diag(7)) for TCP on this machine. */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

/* The uid that made the client's socket of an accepted @connection. FALSE when the kernel
   gives no answer that fits exactly (G_IO_ERROR_NOT_FOUND): the caller must refuse.
   G_IO_ERROR_NOT_SUPPORTED: the lookup itself does not work on this machine (proved on a
   loopback pair of our own). */
gboolean est_peer_uid (GSocket *connection, uid_t *uid, GError **error);

/* The uid that listens at a TCP @address on this machine. Same errors. */
gboolean est_peer_listener_uid (GInetSocketAddress *address, uid_t *uid, GError **error);
