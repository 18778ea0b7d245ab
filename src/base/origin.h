/* Which program somebody is: what the kernel and the sandboxes say of a process or a
   control group, as far as that is honest. Reads /proc and /sys/fs/cgroup; any thread. */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* @program is "KIND:NAME", printable ASCII, or NULL where nothing can be told:
     flatpak:org.mozilla.Thunderbird   a sandbox, by the app's id
     snap:thunderbird                  a sandbox, by the snap's name
     container:NAME                    a container, by what its engine calls it
     app:thunderbird                   started by the desktop in a unit of its own
     program:msmtp                     the name of its file
     token:git                         signed in; see submission/login.h
   The first three are sandboxes: their mail needs a yes once. */
typedef struct
{
  char *program;
  gboolean sandboxed;
} EstOrigin;

/* Of the process @pid; a process that is gone has none. Free with est_origin_clear(). */
EstOrigin est_origin_of_process (pid_t pid);

/* Of a control group by its path, as in /proc/PID/cgroup ("/user.slice/..."). Pure. */
EstOrigin est_origin_of_group (const char *path);

void est_origin_clear (EstOrigin *origin);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstOrigin, est_origin_clear)
