/* Content on its way into the outbox. */
#include "outbox/content.h"

#include "outbox/outbox-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct EstContent
{
  char *folder;
  GByteArray *memory; /* everything, until the file takes over */
  int fd;             /* -1 while in memory */
  guint64 size;
};

EstContent *
est_content_new (const char *folder)
{
  EstContent *content = g_new0 (EstContent, 1);
  content->folder = g_strdup (folder);
  content->memory = g_byte_array_new ();
  content->fd = -1;
  return content;
}

void
est_content_free (EstContent *content)
{
  if (content == NULL)
    return;
  if (content->fd >= 0)
    close (content->fd);
  g_byte_array_unref (content->memory);
  g_free (content->folder);
  g_free (content);
}

static void
set_errno_error (GError **error, const char *what)
{
  int code = errno;
  gboolean full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  g_set_error (error, EST_OUTBOX_ERROR,
               full ? EST_OUTBOX_ERROR_FULL : EST_OUTBOX_ERROR_STORE, "%s: %s", what,
               g_strerror (code));
}

static gboolean
write_all (int fd, const guint8 *data, gsize length, GError **error)
{
  while (length > 0)
    {
      ssize_t written = write (fd, data, length);
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          set_errno_error (error, "cannot write a message to the data folder");
          return FALSE;
        }
      data += written;
      length -= (gsize) written;
    }
  return TRUE;
}

/* O_TMPFILE is not to be had on every file system (some network homes). */
static int
open_unlinked (const char *folder)
{
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
    return fd;

  g_autofree char *name = g_build_filename (folder, "incoming-XXXXXX", NULL);
  fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (name);
  return fd;
}

static gboolean
move_to_file (EstContent *content, GError **error)
{
  content->fd = open_unlinked (content->folder);
  if (content->fd < 0)
    {
      set_errno_error (error, "cannot make a file in the data folder");
      return FALSE;
    }
  if (!write_all (content->fd, content->memory->data, content->memory->len, error))
    return FALSE;
  g_byte_array_unref (content->memory);
  content->memory = g_byte_array_new ();
  return TRUE;
}

gboolean
est_content_append (EstContent *content, const void *data, gsize length, GError **error)
{
  gboolean fits = content->size + length <= EST_CONTENT_IN_MEMORY;
  if (content->fd < 0 && !fits && !move_to_file (content, error))
    return FALSE;

  if (content->fd < 0)
    g_byte_array_append (content->memory, data, (guint) length);
  else if (!write_all (content->fd, data, length, error))
    return FALSE;
  content->size += length;
  return TRUE;
}

guint64
est_content_size (const EstContent *content)
{
  return content->size;
}

static gssize
read_file (int fd, guint64 offset, guint8 *buffer, gsize length, GError **error)
{
  gsize done = 0;
  while (done < length)
    {
      ssize_t got = pread (fd, buffer + done, length - done, (off_t) (offset + done));
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          set_errno_error (error, "cannot read a message back from the data folder");
          return -1;
        }
      if (got == 0)
        break;
      done += (gsize) got;
    }
  return (gssize) done;
}

gssize
est_content_read (
  EstContent *content, guint64 offset, void *buffer, gsize length, GError **error)
{
  if (offset >= content->size)
    return 0;
  if (content->fd >= 0)
    return read_file (content->fd, offset, buffer, length, error);

  gsize piece = MIN (length, content->size - offset);
  memcpy (buffer, content->memory->data + offset, piece);
  return (gssize) piece;
}

/* Opened anew, so that whoever gets it can only read. */
int
est_content_open (EstContent *content, GError **error)
{
  if (content->fd < 0 && !move_to_file (content, error))
    return -1;
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", content->fd);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    set_errno_error (error, "cannot read a message back from the data folder");
  return fd;
}
