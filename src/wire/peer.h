/* Whose socket is at the other end? Asked of the kernel: SO_PEERCRED and SO_PEERPIDFD on
   Unix sockets, one netlink query (sock_diag(7)) for TCP on this machine. */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

typedef struct
{
  uid_t uid;     /* that made the client's socket, whoever holds it now */
  pid_t pid;     /* Unix: the process that connected; 0: TCP, or out of our sight */
  int process;   /* Unix: a pidfd of it, -1 if there is none */
  guint64 group; /* TCP: the id of the control group that made the socket; 0: unknown */
  guint64 inode; /* TCP: the client's socket in /proc/PID/fd; 0: Unix */
} EstPeer;

/* The other end of @connection: the client of one that was accepted, or who accepted one
   that we opened (nobody yet: NOT_FOUND, too). FALSE when the kernel gives no answer that
   fits exactly, or one that stands for anybody (G_IO_ERROR_NOT_FOUND): the caller must
   refuse. G_IO_ERROR_NOT_SUPPORTED: the lookup itself does not work on this machine
   (proved on a loopback pair of our own). Free with est_peer_clear(). */
gboolean est_peer_look (GSocket *connection, EstPeer *peer, GError **error);

/* Whether the process that connected has ended: what /proc said of its pid before this is
   true only if it has not. FALSE where no process is known. */
gboolean est_peer_is_gone (const EstPeer *peer);

void est_peer_clear (EstPeer *peer);

/* A socket that takes connections. */
typedef struct
{
  uid_t uid;
  guint64 cookie; /* no two sockets ever have the same */
} EstPeerListener;

/* Who listens at a TCP @address on this machine. Same errors. */
gboolean est_peer_look_at_listener (GInetSocketAddress *address,
                                    EstPeerListener *listener,
                                    GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstPeer, est_peer_clear)
