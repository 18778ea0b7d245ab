/* Reads by one descriptor, so that what was checked is what is read; writes by rename, so
   that a power cut leaves the old file or the new one. */
#include "account/settings-file.h"
#include "base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST (1024 * 1024)

static void
set_errno (GError **error, const char *what, const char *path, int code)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot %s %s: %s.", what,
               path, g_strerror (code));
}

/* Why a file of this kind is not believed; NULL if it is. */
static const char *
find_danger (const struct stat *status, gboolean private)
{
  if (!S_ISREG (status->st_mode))
    return "is not a regular file";
  if (status->st_uid != geteuid ())
    return "belongs to another user; make it yours";
  if ((status->st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return "can be written by other users; run: chmod go-w on it";
  if (private && (status->st_mode & (S_IRGRP | S_IROTH)) != 0)
    return "can be read by other users; run: chmod go-r on it";
  if (status->st_size > LARGEST)
    return "is larger than 1 MiB";
  return NULL;
}

static char *
read_all (int fd, const char *path, gsize *length, GError **error)
{
  g_autofree char *text = g_malloc (LARGEST + 1);
  gsize filled = 0;
  gssize got;
  do
    {
      got = TEMP_FAILURE_RETRY (read (fd, text + filled, LARGEST - filled));
      filled += got > 0 ? (gsize) got : 0;
    }
  while (got > 0);
  if (got < 0)
    {
      set_errno (error, "read", path, errno);
      return NULL;
    }
  text[filled] = '\0';
  *length = filled;
  return g_realloc (g_steal_pointer (&text), filled + 1);
}

static char *
read_checked (int fd, const char *path, gboolean private, gsize *length, GError **error)
{
  struct stat status;
  if (fstat (fd, &status) != 0)
    {
      set_errno (error, "read", path, errno);
      return NULL;
    }
  const char *danger = find_danger (&status, private);
  if (danger == NULL)
    return read_all (fd, path, length, error);
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_UNSAFE,
               "%s %s, so that it is not read.", path, danger);
  return NULL;
}

static char *
read_file (const char *path, gboolean private, gsize *length, GError **error)
{
  /* Not blocking: somebody may have put a named pipe there. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0 && errno == ENOENT)
    {
      *length = 0;
      return g_strdup ("");
    }
  if (fd < 0)
    {
      set_errno (error, "read", path, errno);
      return NULL;
    }
  char *text = read_checked (fd, path, private, length, error);
  g_close (fd, NULL);
  return text;
}

char *
est_settings_file_read_from (int fd, gsize *length, GError **error)
{
  struct stat status;
  static const char name[] = "the file";
  if (fstat (fd, &status) != 0)
    {
      set_errno (error, "read", name, errno);
      return NULL;
    }
  if (S_ISREG (status.st_mode) && status.st_size <= LARGEST
      && lseek (fd, 0, SEEK_SET) == 0)
    return read_all (fd, name, length, error);
  g_set_error_literal (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_UNSAFE,
                       "that is no regular file, or larger than 1 MiB");
  return NULL;
}

char *
est_settings_file_read (const char *path, gsize *length, GError **error)
{
  return read_file (path, FALSE, length, error);
}

char *
est_settings_file_read_private (const char *path, gsize *length, GError **error)
{
  return read_file (path, TRUE, length, error);
}

/* The file a symbolic link stands for: replacing the link itself would cut it off from
   the folder where its owner keeps such files. New string. */
static char *
follow_link (const char *path)
{
  char *resolved = realpath (path, NULL);
  if (resolved == NULL)
    return g_strdup (path);
  char *copy = g_strdup (resolved);
  free (resolved);
  return copy;
}

gboolean
est_settings_file_replace (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  if (!est_paths_make_private_folder (folder, error))
    return FALSE;
  g_autofree char *target = follow_link (path);
  return g_file_set_contents_full (
    target, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
    error);
}
