/* One buffer for what comes, wiped at the end, because there may be tokens in it. */
#include "account/web-helper.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PROGRAM    LIBEXECDIR "/estafeta-web"
#define LINE_LIMIT (64 * 1024)  /* octets */
#define ALL_LIMIT  (256 * 1024) /* the same */

typedef struct
{
  const EstWebTask *task;
  gint64 deadline; /* monotonic */
  int fd;
  gsize length; /* in @line */
  gsize total;
  char line[LINE_LIMIT + 1];
} Ear;

static void
ear_free (Ear *ear)
{
  est_secret_wipe (ear, sizeof *ear);
  g_free (ear);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ear, ear_free)

static void
wipe_text (gpointer text)
{
  est_secret_wipe (text, strlen (text));
  g_free (text);
}

void
est_web_helper_add (GString *input, const char *key, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append_printf (input, "%s=", key);
  g_string_append_len (input, value, (gssize) strcspn (value, "\r\n"));
  g_string_append_c (input, '\n');
}

EstSecret *
est_web_helper_seal (GString *input)
{
  EstSecret *secret = est_secret_new (input->str, (gssize) input->len);
  est_secret_wipe (input->str, input->len);
  g_string_free (input, TRUE);
  return secret;
}

/* In the child, between fork and exec. */
static void
end_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
start (const EstWebTask *task, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  g_ptr_array_add (argv, (gpointer) PROGRAM);
  for (const char *const *argument = task->arguments; *argument != NULL; argument++)
    g_ptr_array_add (argv, (gpointer) *argument);
  g_ptr_array_add (argv, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata,
                                       error);
}

/* Past GIO's streams, which would keep copies. It reads all of it before anything else.
 */
static void
write_input (GSubprocess *process, EstSecret *input)
{
  GOutputStream *stream = g_subprocess_get_stdin_pipe (process);
  int fd = g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (stream));
  const char *text = est_secret_peek (input);
  gsize left = strlen (text);
  while (left > 0)
    {
      gssize written = write (fd, text, left);
      if (written < 0 && errno != EINTR)
        break; /* it is gone, which its end tells */
      if (written > 0)
        {
          text += written;
          left -= (gsize) written;
        }
    }
  g_output_stream_close (stream, NULL, NULL);
}

static gboolean
is_plain (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return g_utf8_validate (text, -1, NULL);
}

/* "WORD", then "KEY=VALUE" behind a tab each; cut in place. */
static gboolean
tell_record (const EstWebTask *task, char *line)
{
  g_autoptr (GHashTable) values
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, wipe_text);
  char *rest = line;
  const char *word = strsep (&rest, "\t");
  for (char *pair; (pair = strsep (&rest, "\t")) != NULL;)
    {
      char *equals = strchr (pair, '=');
      if (equals == NULL || equals == pair || !is_plain (pair))
        return FALSE;
      g_hash_table_replace (values, g_strndup (pair, (gsize) (equals - pair)),
                            g_strdup (equals + 1));
    }
  return is_plain (word) && task->on_record (word, values, task->data);
}

static gboolean
fail_nonsense (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       PROGRAM " says what cannot be");
  return FALSE;
}

/* All whole lines that are there; what is left of the buffer begins a line. */
static gboolean
tell_lines (Ear *ear, GError **error)
{
  char *begin = ear->line, *end = ear->line + ear->length, *feed;
  while ((feed = memchr (begin, '\n', (gsize) (end - begin))) != NULL)
    {
      *feed = '\0';
      if (strlen (begin) != (gsize) (feed - begin) || !tell_record (ear->task, begin))
        return fail_nonsense (error);
      begin = feed + 1;
    }
  ear->length = (gsize) (end - begin);
  memmove (ear->line, begin, ear->length);
  return (ear->length < LINE_LIMIT && ear->total <= ALL_LIMIT) || fail_nonsense (error);
}

typedef enum
{
  WAIT_READY,
  WAIT_CANCELLED,
  WAIT_OVER,
} Wait;

/* After the caller's cancellation, which is told once, only the time that is left. */
static Wait
wait_for (Ear *ear, GCancellable *cancellable, gboolean *heard)
{
  GPollFD waits[] = {
    {ear->fd, G_IO_IN | G_IO_HUP, 0},
    {-1,      0,                  0}
  };
  gboolean can_cancel = !*heard && g_cancellable_make_pollfd (cancellable, &waits[1]);
  gint64 left = MAX (ear->deadline - g_get_monotonic_time (), 0);
  int ready = g_poll (waits, can_cancel ? 2 : 1, (int) ((left + 999) / 1000));
  if (can_cancel)
    g_cancellable_release_fd (cancellable);
  if (waits[0].revents != 0)
    return WAIT_READY;
  if (!*heard && g_cancellable_is_cancelled (cancellable))
    {
      *heard = TRUE;
      return WAIT_CANCELLED;
    }
  return ready == 0 ? WAIT_OVER : WAIT_READY;
}

static gboolean
set_over (GCancellable *cancellable, gboolean cancelled, GError **error)
{
  if (cancelled && g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, PROGRAM " took too long");
  return FALSE;
}

/* What there is to read now; 0: it has closed its end. */
static gsize
read_piece (Ear *ear)
{
  gssize got;
  do
    got = read (ear->fd, ear->line + ear->length, LINE_LIMIT - ear->length);
  while (got < 0 && errno == EINTR);
  return got > 0 ? (gsize) got : 0;
}

static void
shorten (Ear *ear)
{
  gint64 grace = ear->task->grace * G_TIME_SPAN_SECOND;
  ear->deadline = MIN (ear->deadline, g_get_monotonic_time () + grace);
}

static gboolean
listen_to (Ear *ear, GCancellable *cancellable, GError **error)
{
  gboolean cancelled = FALSE;
  for (;;)
    {
      Wait wait = wait_for (ear, cancellable, &cancelled);
      if (wait == WAIT_OVER)
        return set_over (cancellable, cancelled, error);
      if (wait == WAIT_CANCELLED)
        {
          shorten (ear);
          continue;
        }
      gsize got = read_piece (ear);
      if (got == 0)
        return ear->length == 0 || fail_nonsense (error);
      ear->length += got;
      ear->total += got;
      if (!tell_lines (ear, error))
        return FALSE;
    }
}

gboolean
est_web_helper_run (const EstWebTask *task, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSubprocess) process = start (task, error);
  if (process == NULL)
    return FALSE;
  g_autoptr (Ear) ear = g_new0 (Ear, 1);
  ear->task = task;
  ear->deadline = g_get_monotonic_time () + task->seconds * G_TIME_SPAN_SECOND;
  ear->fd = g_unix_input_stream_get_fd (
    G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (process)));
  write_input (process, task->input);
  if (listen_to (ear, cancellable, error))
    return g_subprocess_wait_check (process, NULL, error);
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  return FALSE;
}
