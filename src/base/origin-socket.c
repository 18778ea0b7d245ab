/* Programs by their TCP sockets: first the control group that the socket was made in,
 * which no program can forge, then the process of that group that holds it. */
#include "base/origin-read.h"
#include "base/process.h"

#define FILES_LIMIT 4096 /* looked at, with processes, to find who holds a socket */

/* The folder of the youngest process in the group that holds the socket: clients come
   and go, and a burst of them is new. */
static int
open_holder (int proc, EstControlGroups *groups, const char *path, guint64 inode)
{
  guint budget = FILES_LIMIT;
  g_autoptr (GArray) members = est_control_groups_members (groups, path);
  for (guint i = members->len; i > 0 && budget > 0; i--)
    {
      budget--;
      int process = est_process_open (proc, g_array_index (members, pid_t, i - 1));
      if (process >= 0 && est_process_holds (process, inode, &budget))
        return process;
      est_process_close (process);
    }
  return -1;
}

/* A container that may make groups can leave the one its socket was made in, and remove
   or bury that; nobody else has a reason to. */
static EstOrigin
judge_lost_group (EstControlGroups *groups)
{
  if (est_control_groups_see_all (groups))
    return (EstOrigin){est_origin_name ("container", ""), TRUE};
  return (EstOrigin){0};
}

EstOrigin
est_origin_look_up (int proc, EstControlGroups *groups, guint64 group, guint64 inode)
{
  g_autofree char *path = est_control_groups_dup_path (groups, group);
  g_auto (EstOrigin) unit = {0};
  if (path == NULL)
    return judge_lost_group (groups);
  int self = est_process_open_self (proc);
  if (self >= 0)
    unit = est_origin_judge_group (path, self);
  est_process_close (self);
  if (unit.sandboxed)
    return (EstOrigin){g_steal_pointer (&unit.program), TRUE};

  EstOrigin holder
    = est_origin_judge_process (proc, open_holder (proc, groups, path, inode));
  if (holder.program != NULL)
    return holder;
  return (EstOrigin){g_steal_pointer (&unit.program), FALSE};
}

/* Kept as long as the program runs. */
static EstControlGroups *
get_groups (void)
{
  static gsize ready;
  static EstControlGroups *groups;
  if (g_once_init_enter (&ready))
    {
      g_autofree char *mounts = NULL;
      g_autofree char *mount = NULL;
      if (g_file_get_contents ("/proc/self/mountinfo", &mounts, NULL, NULL))
        mount = est_control_groups_dup_mount (mounts);
      if (mount != NULL)
        groups = est_control_groups_new (mount);
      g_once_init_leave (&ready, 1);
    }
  return groups;
}

EstOrigin
est_origin_of_socket (guint64 group, guint64 inode)
{
  EstOrigin origin = {0};
  EstControlGroups *groups = group != 0 ? get_groups () : NULL;
  int proc = groups != NULL ? est_process_open_all () : -1;
  if (proc >= 0)
    origin = est_origin_look_up (proc, groups, group, inode);
  est_process_close (proc);
  return origin;
}
