/* Programs by what the kernel keeps of them. What a program says of itself (its command
 * line, the name it gives its threads) is not asked, so that python3 is python3 whatever
 * it runs.
 *
 * Sandboxes are told apart in the order of how well they are vouched for: by the control
 * group, which somebody outside made; by what Flatpak and snapd leave in the process;
 * last by users of its own (a user namespace inside ours), where only the file names it.
 * Browsers have such for the parts that draw pages, never for what opens sockets. */
#include "base/origin.h"
#include "base/origin-read.h"
#include "base/process.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NAME_LIMIT  128
#define FILES_LIMIT 4096 /* looked at, with processes, to find who holds a socket */

static int
open_folder (const char *path)
{
  return open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int
open_self (int proc)
{
  return openat (proc, "self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
close_folder (int fd)
{
  if (fd >= 0)
    close (fd);
}

void
est_origin_clear (EstOrigin *origin)
{
  g_clear_pointer (&origin->program, g_free);
  origin->sandboxed = FALSE;
}

char *
est_origin_name (const char *kind, const char *name)
{
  GString *text = g_string_new (kind);
  g_string_append_c (text, ':');
  for (const char *at = *name != '\0' ? name : "unknown";
       *at != '\0' && text->len < NAME_LIMIT; at++)
    g_string_append_c (text, g_ascii_isalnum (*at) || strchr ("._+-@", *at) ? *at : '_');
  return g_string_free (text, FALSE);
}

static EstOrigin
take (const char *kind, char *name, gboolean sandboxed)
{
  EstOrigin origin = {est_origin_name (kind, name), sandboxed};
  g_free (name);
  return origin;
}

/* What is left of @path below the groups that hold us as well: the container that the
   daemon itself lives in sets nobody apart. */
static const char *
skip_shared (const char *path, const char *own)
{
  gsize shared = 0;
  for (gsize i = 0;; i++)
    {
      gboolean end
        = (path[i] == '/' || path[i] == '\0') && (own[i] == '/' || own[i] == '\0');
      if (end)
        shared = i;
      if (path[i] != own[i] || path[i] == '\0')
        return path + shared;
    }
}

static EstOrigin
judge_group (const char *path, int self)
{
  g_auto (EstOrigin) origin = est_origin_of_group (path);
  if (!origin.sandboxed)
    return (EstOrigin){g_steal_pointer (&origin.program), FALSE};
  g_autofree char *own = est_process_dup_group (self);
  return est_origin_of_group (own != NULL ? skip_shared (path, own) : path);
}

static EstOrigin
judge_marks (int process, int self)
{
  char *name;
  gboolean looks_alike = est_process_shares_mounts (process, self);
  if (!looks_alike && (name = est_process_dup_flatpak (process)) != NULL)
    return take ("flatpak", name, TRUE);
  if (!looks_alike && (name = est_process_dup_snap (process)) != NULL)
    return take ("snap", name, TRUE);
  if (est_process_has_own_users (process, self))
    {
      name = est_process_dup_file_name (process);
      return take ("container", name != NULL ? name : g_strdup ("unknown"), TRUE);
    }
  return (EstOrigin){0};
}

/* The first process in a unit of the desktop's is the app; what it starts there (a mailer
   in a terminal) goes by its own name. */
static gboolean
is_first (int proc, int process, const char *group)
{
  int parent = est_process_open (proc, est_process_parent (process));
  g_autofree char *above = parent >= 0 ? est_process_dup_group (parent) : NULL;
  close_folder (parent);
  return g_strcmp0 (above, group) != 0;
}

static EstOrigin
judge (int proc, int process, int self)
{
  g_autofree char *group = est_process_dup_group (process);
  g_auto (EstOrigin) unit = {0};
  if (group != NULL)
    unit = judge_group (group, self);
  if (unit.sandboxed)
    return (EstOrigin){g_steal_pointer (&unit.program), TRUE};

  EstOrigin marked = judge_marks (process, self);
  if (marked.sandboxed)
    return marked;
  char *name = est_process_dup_file_name (process);
  if (unit.program == NULL || (name != NULL && !is_first (proc, process, group)))
    return name != NULL ? take ("program", name, FALSE) : (EstOrigin){0};
  g_free (name);
  return (EstOrigin){g_steal_pointer (&unit.program), FALSE};
}

/* Takes the folder of a process; -1 is none. */
static EstOrigin
judge_and_close (int proc, int process)
{
  EstOrigin origin = {0};
  int self = open_self (proc);
  if (process >= 0 && self >= 0)
    origin = judge (proc, process, self);
  /* What ended meanwhile may have hidden its marks. */
  if (process >= 0 && !est_process_lives (process))
    est_origin_clear (&origin);
  close_folder (process);
  close_folder (self);
  return origin;
}

EstOrigin
est_origin_read (int proc, pid_t pid)
{
  return judge_and_close (proc, pid > 0 ? est_process_open (proc, pid) : -1);
}

EstOrigin
est_origin_of_process (pid_t pid)
{
  int proc = open_folder ("/proc");
  EstOrigin origin = proc >= 0 ? est_origin_read (proc, pid) : (EstOrigin){0};
  close_folder (proc);
  return origin;
}

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
      close_folder (process);
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
  int self = open_self (proc);
  if (self >= 0)
    unit = judge_group (path, self);
  close_folder (self);
  if (unit.sandboxed)
    return (EstOrigin){g_steal_pointer (&unit.program), TRUE};

  EstOrigin holder = judge_and_close (proc, open_holder (proc, groups, path, inode));
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
  int proc = groups != NULL ? open_folder ("/proc") : -1;
  if (proc >= 0)
    origin = est_origin_look_up (proc, groups, group, inode);
  close_folder (proc);
  return origin;
}
