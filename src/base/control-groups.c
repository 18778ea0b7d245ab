/* The id of a control group is the inode of its folder. The kernel opens a folder by that
 * number (open_by_handle_at) for root only, so that the tree is walked: some
 * milliseconds, once for each group that anybody speaks from. */
#include "base/control-groups.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDERS_LIMIT    20000
#define DEPTH_LIMIT      32
#define FIRST_ID         1 /* of the root of all groups */
#define REMEMBERED_LIMIT 512
#define MEMBERS_LIMIT    (256 * 1024) /* octets of a list of processes */

struct EstControlGroups
{
  int root;
  GMutex mutex;
  GHashTable *paths; /* id -> path, "" for one that was not found */
};

typedef struct
{
  guint64 id;
  guint folders; /* that may still be entered */
  GString *path;
} Search;

EstControlGroups *
est_control_groups_new (const char *mount)
{
  EstControlGroups *groups = g_new0 (EstControlGroups, 1);
  groups->root = open (mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  groups->paths = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_mutex_init (&groups->mutex);
  return groups;
}

void
est_control_groups_free (EstControlGroups *groups)
{
  if (groups == NULL)
    return;
  if (groups->root >= 0)
    close (groups->root);
  g_hash_table_unref (groups->paths);
  g_mutex_clear (&groups->mutex);
  g_free (groups);
}

/* "31 23 0:28 /root /mount/point options - cgroup2 cgroup2 rw"; blanks are written
   "\040". One that shows the whole tree, rather than a part of it, is wanted. */
char *
est_control_groups_dup_mount (const char *mountinfo)
{
  char *mount = NULL;
  g_auto (GStrv) lines = g_strsplit (mountinfo, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) fields = g_strsplit (*line, " ", 6);
      if (g_strv_length (fields) != 6 || strstr (fields[5], " - cgroup2 ") == NULL)
        continue;
      gboolean whole = g_str_equal (fields[3], "/");
      if (mount == NULL || whole)
        {
          g_free (mount);
          mount = g_strcompress (fields[4]);
        }
      if (whole)
        break;
    }
  return mount;
}

static gboolean
is_dots (const char *name)
{
  return g_str_equal (name, ".") || g_str_equal (name, "..");
}

static gboolean
enter (Search *search, int parent, const char *name, guint depth)
{
  int fd = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
  gsize length = search->path->len;
  gboolean found = FALSE;
  if (folder == NULL)
    return FALSE;

  search->folders--;
  for (struct dirent *entry; !found && (entry = readdir (folder)) != NULL;)
    {
      if (entry->d_type != DT_DIR || is_dots (entry->d_name))
        continue;
      g_string_append_printf (search->path, "/%s", entry->d_name);
      found = entry->d_ino == (ino_t) search->id
              || (depth < DEPTH_LIMIT && search->folders > 0
                  && enter (search, fd, entry->d_name, depth + 1));
      if (!found)
        g_string_truncate (search->path, length);
    }
  closedir (folder);
  return found;
}

static gboolean
is_at (EstControlGroups *groups, const char *path, guint64 id)
{
  struct stat status;
  return fstatat (groups->root, *path == '/' && path[1] != '\0' ? path + 1 : ".", &status,
                  AT_SYMLINK_NOFOLLOW)
           == 0
         && status.st_ino == (ino_t) id;
}

/* This person's programs first: on a busy machine the rest is the larger part. */
static char *
look_for (EstControlGroups *groups, guint64 id)
{
  g_autoptr (GString) path = g_string_new (NULL);
  Search search = {id, FOLDERS_LIMIT, path};
  if (is_at (groups, "/", id))
    return g_strdup ("/");
  g_string_printf (path, "/user.slice/user-%u.slice", (guint) geteuid ());
  if (is_at (groups, path->str, id) || enter (&search, groups->root, path->str + 1, 0))
    return g_strdup (path->str);
  g_string_truncate (path, 0);
  if (enter (&search, groups->root, ".", 0))
    return g_strdup (path->str);
  return g_strdup ("");
}

/* With the lock held. Borrowed. */
static const char *
remember (EstControlGroups *groups, guint64 id)
{
  const char *known = g_hash_table_lookup (groups->paths, &id);
  if (known != NULL && (*known == '\0' || is_at (groups, known, id)))
    return known;
  if (g_hash_table_size (groups->paths) >= REMEMBERED_LIMIT)
    g_hash_table_remove_all (groups->paths);
  char *path = look_for (groups, id);
  g_hash_table_replace (groups->paths, g_memdup2 (&id, sizeof id), path);
  return path;
}

char *
est_control_groups_dup_path (EstControlGroups *groups, guint64 id)
{
  if (groups->root < 0 || id == 0)
    return NULL;
  g_mutex_lock (&groups->mutex);
  const char *path = remember (groups, id);
  char *copy = *path != '\0' ? g_strdup (path) : NULL;
  g_mutex_unlock (&groups->mutex);
  return copy;
}

gboolean
est_control_groups_see_all (EstControlGroups *groups)
{
  return groups->root >= 0 && is_at (groups, "/", FIRST_ID);
}

static char *
read_members (EstControlGroups *groups, const char *path)
{
  char buffer[4096];
  gssize got;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *name = g_strdup_printf (".%s/cgroup.procs", path);
  int fd = openat (groups->root, name, O_RDONLY | O_CLOEXEC);
  while (fd >= 0 && text->len < MEMBERS_LIMIT
         && (got = read (fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, got);
  if (fd >= 0)
    close (fd);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  return *(const pid_t *) a - *(const pid_t *) b;
}

GArray *
est_control_groups_members (EstControlGroups *groups, const char *path)
{
  GArray *members = g_array_new (FALSE, FALSE, sizeof (pid_t));
  g_autofree char *text = read_members (groups, path);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      guint64 number;
      if (g_ascii_string_to_unsigned (*line, 10, 1, G_MAXINT, &number, NULL))
        {
          pid_t pid = (pid_t) number;
          g_array_append_val (members, pid);
        }
    }
  g_array_sort (members, compare_numbers);
  return members;
}
