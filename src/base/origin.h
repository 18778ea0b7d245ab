/* Which program somebody is: what the kernel and the sandboxes say of a process, a socket
   or a control group, as far as that is honest. Reads /proc and the control groups; any
   thread. */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* @program is "KIND:NAME", printable ASCII of at most 128 octets, or NULL where nothing
   can be told:
     flatpak:org.mozilla.Thunderbird   a sandbox, by the app's id
     snap:thunderbird                  a sandbox, by the snap's name
     container:NAME                    a container, by what its engine calls it (the first
                                       12 octets of an id); any other sandbox with users
                                       of its own, by the name of the program's file;
                                       "unknown" if its group was removed or hidden
     app:thunderbird                   started by the desktop in a unit of its own
     program:msmtp                     the name of its file
     user:www-data                     another user's, admitted by the settings
     token:git                         signed in; see submission/login.h
   The first three are sandboxes: their mail needs a yes once. */
/* The name of who has none that can be told. */
#define EST_ORIGIN_NAMELESS "unknown"

typedef struct
{
  char *program;
  gboolean sandboxed;
} EstOrigin;

/* Of the process @pid. A process that is gone has none: to whom it matters whether it was
   a sandbox must make sure that it lives after this. Free with est_origin_clear(). */
EstOrigin est_origin_of_process (pid_t pid);

/* Of a TCP socket of this machine: @group is the id of the control group that it was made
   in, 0 if unknown, @inode its own number; so says sock_diag(7) (wire/peer.h). What the
   group does not tell is asked of the process of that group that holds the socket. Some
   milliseconds for the first socket of a group, microseconds after that. */
EstOrigin est_origin_of_socket (guint64 group, guint64 inode);

/* Of a control group by its path, as in /proc/PID/cgroup ("/user.slice/..."). Pure. */
EstOrigin est_origin_of_group (const char *path);

/* "KIND:NAME" with whatever could mislead in @name replaced by "_". New string. */
char *est_origin_name (const char *kind, const char *name);

void est_origin_clear (EstOrigin *origin);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstOrigin, est_origin_clear)
