/* The control groups of this machine by their ids, which is how the kernel names them
   where it speaks of sockets. Internal to base/; any thread. */
#pragma once

#include <glib.h>

typedef struct EstControlGroups EstControlGroups;

/* @mount: where the unified hierarchy is, as est_control_groups_dup_mount() says. */
EstControlGroups *est_control_groups_new (const char *mount);
void est_control_groups_free (EstControlGroups *groups);

/* The mount point in the text of a mountinfo file; NULL if there is none. */
char *est_control_groups_dup_mount (const char *mountinfo);

/* The path of the group @id, "/..." below the mount; NULL if it is gone or out of our
   sight. An id is never given twice by the kernel, so that both are remembered. */
char *est_control_groups_dup_path (EstControlGroups *groups, guint64 id);

/* Whether no group is out of our sight, as those above us are in a cgroup namespace. */
gboolean est_control_groups_see_all (EstControlGroups *groups);

/* The processes of the group at @path: an array of pid_t, lowest first. */
GArray *est_control_groups_members (EstControlGroups *groups, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstControlGroups, est_control_groups_free)
