/* One process, by its files in /proc. */
#include "base/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_LIMIT 65536 /* octets of any file */

int
est_process_open_all (void)
{
  return open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
est_process_open (int proc, pid_t pid)
{
  char name[16];
  g_snprintf (name, sizeof name, "%d", (int) pid);
  return openat (proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
est_process_open_self (int proc)
{
  return openat (proc, "self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void
est_process_close (int folder)
{
  if (folder >= 0)
    close (folder);
}

/* The file's first octets, as text up to a NUL. Anything but a plain file is left
   alone. */
static char *
read_text (int process, const char *name)
{
  struct stat status;
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  gssize got = -1;
  int fd
    = openat (process, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (fd < 0)
    return NULL;
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    while ((got = read (fd, buffer, sizeof buffer)) > 0 && text->len < READ_LIMIT)
      g_string_append_len (text, buffer, got);
  close (fd);
  return got < 0 ? NULL : g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
read_link (int process, const char *name)
{
  char target[PATH_MAX];
  gssize length = readlinkat (process, name, target, sizeof target);
  return length > 0 ? g_strndup (target, (gsize) length) : NULL;
}

/* "0::PATH" is the unified hierarchy; "/" there says little where systemd keeps its units
   in the hierarchy of its own. */
char *
est_process_dup_group (int process)
{
  static const char own[] = ":name=systemd:";
  g_autofree char *text = read_text (process, "cgroup");
  g_autofree char *found = NULL;
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      const char *systemd = strstr (*line, own);
      if (g_str_has_prefix (*line, "0::/") && (found == NULL || (*line)[4] != '\0'))
        {
          g_free (found);
          found = g_strdup (*line + 3);
        }
      else if (systemd != NULL && (found == NULL || found[1] == '\0'))
        {
          g_free (found);
          found = g_strdup (systemd + strlen (own));
        }
    }
  return g_steal_pointer (&found);
}

char *
est_process_dup_file_name (int process)
{
  static const char deleted[] = " (deleted)";
  g_autofree char *path = read_link (process, "exe");
  if (path == NULL)
    return NULL;
  if (g_str_has_suffix (path, deleted))
    path[strlen (path) - strlen (deleted)] = '\0';
  const char *slash = strrchr (path, '/');
  return g_strdup (slash != NULL ? slash + 1 : path);
}

/* The type of the file system at @place in the process's own view; the last one mounted
   there is the one that is seen. */
static char *
find_mount (char **mounts, const char *place)
{
  char *type = NULL;
  for (char **mount = mounts; *mount != NULL; mount++)
    {
      g_auto (GStrv) fields = g_strsplit (*mount, " ", 6);
      const char *rest = g_strv_length (fields) == 6 ? strstr (fields[5], " - ") : NULL;
      if (rest == NULL || !g_str_equal (fields[4], place))
        continue;
      g_free (type);
      type = g_strndup (rest + 3, strcspn (rest + 3, " "));
    }
  return type;
}

static gboolean
is_safe (const char *type)
{
  return type != NULL && !g_str_has_prefix (type, "fuse");
}

/* [Application] name=ID; a key file, but nothing more of it is needed. */
static char *
read_application (const char *text)
{
  gboolean inside = FALSE;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (**line == '[')
      inside = g_str_equal (g_strchomp (*line), "[Application]");
    else if (inside && g_str_has_prefix (*line, "name="))
      return g_strdup (g_strstrip (*line + strlen ("name=")));
  return g_strdup ("");
}

/* Flatpak mounts the file into the sandbox. A file system whose answers a program gives
   could keep us waiting for ever, so that the list of mounts, which is the kernel's, is
   looked at first. */
char *
est_process_dup_flatpak (int process)
{
  g_autofree char *list = read_text (process, "mountinfo");
  if (list == NULL || strstr (list, " /.flatpak-info ") == NULL)
    return NULL;
  g_auto (GStrv) mounts = g_strsplit (list, "\n", -1);
  g_autofree char *root = find_mount (mounts, "/");
  g_autofree char *info = find_mount (mounts, "/.flatpak-info");
  g_autofree char *text
    = is_safe (root) && is_safe (info) ? read_text (process, "root/.flatpak-info") : NULL;
  return text != NULL ? read_application (text) : NULL;
}

/* "snap.thunderbird.thunderbird (enforce)" */
char *
est_process_dup_snap (int process)
{
  static const char prefix[] = "snap.";
  g_autofree char *label = read_text (process, "attr/apparmor/current");
  if (label == NULL)
    label = read_text (process, "attr/current");
  if (label == NULL || !g_str_has_prefix (label, prefix))
    return NULL;
  const char *name = label + strlen (prefix);
  return g_strndup (name, strcspn (name, ". \n"));
}

/* 1: the same, 0: another, -1: not to be seen. */
static int
compare_namespaces (int process, int self, const char *name)
{
  g_autofree char *theirs = read_link (process, name);
  g_autofree char *ours = read_link (self, name);
  return theirs != NULL && ours != NULL ? g_str_equal (theirs, ours) : -1;
}

gboolean
est_process_has_own_users (int process, int self)
{
  return compare_namespaces (process, self, "ns/user") == 0;
}

gboolean
est_process_shares_mounts (int process, int self)
{
  return compare_namespaces (process, self, "ns/mnt") == 1;
}

/* "123 (name) S 1 ...": the name may hold anything. */
static gboolean
read_stat (int process, char *state, int *parent)
{
  g_autofree char *text = read_text (process, "stat");
  const char *end = text != NULL ? strrchr (text, ')') : NULL;
  return end != NULL && sscanf (end + 1, " %c %d", state, parent) == 2;
}

gboolean
est_process_lives (int process)
{
  char state;
  int parent;
  return read_stat (process, &state, &parent) && strchr ("ZXx", state) == NULL;
}

pid_t
est_process_parent (int process)
{
  char state;
  int parent;
  return read_stat (process, &state, &parent) ? parent : 0;
}

gboolean
est_process_holds (int process, guint64 inode, guint *budget)
{
  char wanted[48], target[48];
  int length
    = g_snprintf (wanted, sizeof wanted, "socket:[%" G_GUINT64_FORMAT "]", inode);
  int fd = openat (process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *files = fd >= 0 ? fdopendir (fd) : NULL;
  gboolean found = FALSE;
  for (struct dirent *file; files != NULL && !found && *budget > 0; --*budget)
    {
      if ((file = readdir (files)) == NULL)
        break;
      gssize size = readlinkat (fd, file->d_name, target, sizeof target);
      found = size == length && memcmp (target, wanted, (gsize) length) == 0;
    }
  if (files != NULL)
    closedir (files);
  else if (fd >= 0)
    close (fd);
  return found;
}
