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

#include <string.h>

#define NAME_LIMIT 128

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
  for (const char *at = *name != '\0' ? name : EST_ORIGIN_NAMELESS;
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

EstOrigin
est_origin_judge_group (const char *path, int self)
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
      return take ("container", name != NULL ? name : g_strdup (EST_ORIGIN_NAMELESS),
                   TRUE);
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
  est_process_close (parent);
  return g_strcmp0 (above, group) != 0;
}

static EstOrigin
judge (int proc, int process, int self)
{
  g_autofree char *group = est_process_dup_group (process);
  g_auto (EstOrigin) unit = {0};
  if (group != NULL)
    unit = est_origin_judge_group (group, self);
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

EstOrigin
est_origin_judge_process (int proc, int process)
{
  EstOrigin origin = {0};
  int self = est_process_open_self (proc);
  if (process >= 0 && self >= 0)
    origin = judge (proc, process, self);
  /* What ended meanwhile may have hidden its marks. */
  if (process >= 0 && !est_process_lives (process))
    est_origin_clear (&origin);
  est_process_close (process);
  est_process_close (self);
  return origin;
}

EstOrigin
est_origin_read (int proc, pid_t pid)
{
  return est_origin_judge_process (proc, pid > 0 ? est_process_open (proc, pid) : -1);
}

EstOrigin
est_origin_of_process (pid_t pid)
{
  int proc = est_process_open_all ();
  EstOrigin origin = proc >= 0 ? est_origin_read (proc, pid) : (EstOrigin){0};
  est_process_close (proc);
  return origin;
}
