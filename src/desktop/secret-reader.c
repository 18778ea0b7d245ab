/* Secrets from descriptors. */
#include "desktop/secret-reader.h"

#include "desktop/methods.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <unistd.h>

#define SIZE_LIMIT (64 * 1024)
#define TIME_LIMIT (10 * G_USEC_PER_SEC)

static gboolean
fail (GError **error, GIOErrorEnum code, const char *why)
{
  g_set_error_literal (error, G_IO_ERROR, code, why);
  return FALSE;
}

/* A program that keeps its end open must not keep a thread of ours. */
static gboolean
wait_for_input (int fd, gint64 until, GError **error)
{
  gint64 left = until - g_get_monotonic_time ();
  struct pollfd wait = {.fd = fd, .events = POLLIN};
  if (left > 0 && poll (&wait, 1, (int) (left / 1000) + 1) > 0)
    return TRUE;
  return fail (error, G_IO_ERROR_TIMED_OUT, "the password did not arrive in time");
}

static gboolean
read_all (int fd, char *buffer, gsize *length, GError **error)
{
  gint64 until = g_get_monotonic_time () + TIME_LIMIT;
  for (*length = 0;;)
    {
      if (!wait_for_input (fd, until, error))
        return FALSE;
      ssize_t got = read (fd, buffer + *length, SIZE_LIMIT + 1 - *length);
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return fail (error, G_IO_ERROR_FAILED, g_strerror (errno));
      if (got == 0)
        return TRUE;
      *length += (gsize) got;
      if (*length > SIZE_LIMIT)
        return fail (error, G_IO_ERROR_INVALID_DATA, "the password is too long");
    }
}

static gsize
without_line_break (const char *text, gsize length)
{
  if (length > 0 && text[length - 1] == '\n')
    length--;
  if (length > 0 && text[length - 1] == '\r')
    length--;
  return length;
}

static EstSecret *
read_secret (int fd, GError **error)
{
  gsize length;
  EstSecret *secret = NULL;
  char *buffer = g_malloc (SIZE_LIMIT + 1);
  if (read_all (fd, buffer, &length, error))
    {
      gsize kept = without_line_break (buffer, length);
      secret = kept > 0 ? est_secret_new (buffer, (gssize) kept) : NULL;
    }
  est_secret_wipe (buffer, SIZE_LIMIT + 1);
  g_free (buffer);
  return secret;
}

gboolean
est_secret_receive (GUnixFDList *list,
                    GVariant *handle,
                    EstSecret **secret,
                    GError **error)
{
  *secret = NULL;
  int fd = est_methods_take_fd (list, handle);
  if (fd < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "no descriptor was passed");
      return FALSE;
    }
  g_autoptr (GError) trouble = NULL;
  *secret = read_secret (fd, &trouble);
  close (fd);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}
