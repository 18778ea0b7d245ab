/* By one descriptor, so that what was checked is what is read; a pipe is not waited for.
 */
#include "wire/closed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

const char *
est_closed_file_danger (const struct stat *status)
{
  if (!S_ISREG (status->st_mode))
    return "is not a regular file";
  if (status->st_uid != geteuid ())
    return "belongs to another user";
  if ((status->st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return "can be read or written by other users (chmod 600 closes it)";
  return status->st_size <= EST_CLOSED_FILE_LARGEST ? NULL : "is larger than 64 KiB";
}

static const char *
read_checked (int fd, char *text, gsize *length)
{
  struct stat status;
  if (fstat (fd, &status) != 0)
    return g_strerror (errno);
  const char *danger = est_closed_file_danger (&status);
  if (danger != NULL)
    return danger;
  gssize got = read (fd, text, EST_CLOSED_FILE_LARGEST);
  *length = (gsize) MAX (got, 0);
  return got >= 0 ? NULL : g_strerror (errno);
}

gboolean
est_closed_file_read (const char *path, char *text, gsize *length, char **why)
{
  *length = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const char *fault = fd >= 0 ? read_checked (fd, text, length) : g_strerror (errno);
  if (fd >= 0)
    close (fd);
  *why = g_strdup (fault);
  return fault == NULL;
}
