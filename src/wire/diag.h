/* One question to the kernel: whose TCP socket has these two ends? (sock_diag(7)).
   Internal to wire/. */
#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/types.h>

/* One end of a connection. A v4-mapped address is the IPv4 address it stands for: the
   kernel finds either by the plain one only. */
typedef struct
{
  int family; /* AF_INET or AF_INET6; 0: neither */
  guint32 address[4];
  guint16 port; /* network order */
} EstDiagEnd;

/* A socket as the kernel describes it. */
typedef struct
{
  EstDiagEnd near, far;
  guint8 state;
  guint32 uid;
  guint32 inode;  /* 0: no process has it any more */
  guint64 cookie; /* no two sockets ever have the same */
  guint64 group;  /* id of the control group that it was made in; 0 before Linux 5.7 */
} EstDiagSocket;

typedef enum
{
  EST_DIAG_FOUND,
  EST_DIAG_NOT_FOUND,
  EST_DIAG_UNAVAILABLE, /* no netlink socket, or no answer */
} EstDiagResult;

EstDiagEnd est_diag_end (const struct sockaddr_storage *address);

/* What the kernel said: @length octets of a netlink message. Pure. */
EstDiagResult est_diag_parse (const void *octets, gsize length, EstDiagSocket *found);

/* The connected socket whose own end is @near. */
EstDiagResult
est_diag_connected (const EstDiagEnd *near, const EstDiagEnd *far, EstDiagSocket *found);

/* The listener that takes connections to @near. */
EstDiagResult est_diag_listener (const EstDiagEnd *near, EstDiagSocket *found);
