/* Reads by one descriptor, so that what was checked is what is read. */
#include "wire/identity-file.h"

#include "base/paths.h"
#include "base/secret.h"
#include "wire/closed-file.h"
#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_TRIES   150
#define LOCK_PAUSE   20000 /* microseconds: three seconds in all */
#define ASIDE_SUFFIX ".unusable"

static gboolean
set_failure (const char *what, const char *path, const char *why, GError **error)
{
  g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_IDENTITY, "cannot %s %s: %s", what,
               path, why);
  return FALSE;
}

static gboolean
read_pair (int fd, const char *path, EstKeyPair **pair, GError **error)
{
  char text[EST_CLOSED_FILE_LARGEST];
  gsize length = 0;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (fd, FALSE);
  if (!g_input_stream_read_all (stream, text, sizeof text, &length, NULL, &cause))
    return set_failure ("read", path, cause->message, error);
  *pair = est_key_pair_parse (text, length);
  est_secret_wipe (text, length);
  return TRUE;
}

static gboolean
read_checked (int fd, const char *path, EstKeyPair **pair, GStatBuf *mark, GError **error)
{
  if (fstat (fd, mark) != 0)
    return set_failure ("read", path, g_strerror (errno), error);
  const char *danger = est_closed_file_danger (mark);
  if (danger == NULL)
    return read_pair (fd, path, pair, error);
  g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_IDENTITY,
               "%s %s, so that its key is not used; delete it, and a new one is made",
               path, danger);
  return FALSE;
}

gboolean
est_identity_file_read (const char *path,
                        EstKeyPair **pair,
                        GStatBuf *mark,
                        GError **error)
{
  *pair = NULL;
  *mark = (GStatBuf){0};
  /* Not blocking: somebody may have put a named pipe there. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0)
    return errno == ENOENT || set_failure ("read", path, g_strerror (errno), error);
  gboolean good = read_checked (fd, path, pair, mark, error);
  close (fd);
  return good;
}

gboolean
est_identity_file_write (const char *path, const EstKeyPair *pair, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = est_key_pair_format (pair);
  if (text == NULL)
    return set_failure ("write", path, "the key cannot be put into words", error);
  gboolean written = g_file_set_contents_full (
    path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
    &cause);
  est_secret_wipe (text, strlen (text));
  return written || set_failure ("write", path, cause->message, error);
}

/* Bounded: a process that was stopped while it held the lock must not stop others. */
static gboolean
wait_for_lock (int fd)
{
  for (guint i = 0; i < LOCK_TRIES; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK && errno != EINTR)
        return FALSE;
      g_usleep (LOCK_PAUSE);
    }
  errno = EWOULDBLOCK;
  return FALSE;
}

int
est_identity_file_lock (const char *path, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  if (!est_paths_make_private_folder (folder, &cause))
    {
      set_failure ("lock", lock, cause->message, error);
      return -1;
    }
  int fd = open (lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0 && wait_for_lock (fd))
    return fd;
  set_failure ("lock", lock, g_strerror (errno), error);
  if (fd >= 0)
    close (fd);
  return -1;
}

void
est_identity_file_set_aside (const char *path)
{
  g_autofree char *aside = g_strconcat (path, ASIDE_SUFFIX, NULL);
  if (g_rename (path, aside) == 0)
    g_warning ("%s holds no key that can be read; it was moved to %s", path, aside);
}
