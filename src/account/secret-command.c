/* Both pipes are read at once, so that a talkative program never waits for us; what it
   prints goes into one buffer that is wiped, past GIO's streams, which would keep
   copies. */
#include "account/secret-command.h"
#include "account/credentials.h"
#include "account/program.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_LIMIT    (64 * 1024)
#define COMPLAINT_LIMIT 200 /* octets of standard error that are repeated */

struct EstSecretCommand
{
  const char *key; /* of the settings */

  /* Cuts @output down to the secret; returns what is wrong with it, or NULL. */
  const char *(*cut) (const char *output, gsize *length);
};

typedef struct
{
  const EstSecretCommand *command;
  int out;       /* -1 at its end */
  int complaint; /* -1 at its end */
  gsize output_length;
  gsize complaint_length;
  char output[OUTPUT_LIMIT + 1];
  char complaint_text[COMPLAINT_LIMIT + 1];
} Catch;

static void
catch_free (Catch *catch)
{
  est_secret_wipe (catch, sizeof *catch);
  g_free (catch);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Catch, catch_free)

static void
fail (GError **error, const EstSecretCommand *command, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

static void
fail (GError **error, const EstSecretCommand *command, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_COMMAND, "%s %s",
               command->key, what);
}

static GSubprocess *
start (const EstSecretCommand *command,
       const char *const *argv,
       pid_t *group,
       GError **error)
{
  g_autoptr (GError) local = NULL;
  GSubprocess *program = est_program_start (argv, group, &local);
  if (program == NULL)
    fail (error, command, "cannot start %s: %s", argv[0],
          g_error_matches (local, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT) ? "no such program"
                                                                      : local->message);
  return program;
}

/* One read of a pipe that has something; its descriptor becomes -1 at the end. What does
   not fit into @room is read and dropped. */
static void
read_some (int *fd, char *buffer, gsize room, gsize *length)
{
  char spill[4096];
  gboolean full = *length == room;
  gssize got
    = read (*fd, full ? spill : buffer + *length, full ? sizeof spill : room - *length);
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
    *fd = -1;
  else if (got > 0 && !full)
    *length += (gsize) got;
}

/* Waits up to @timeout (-1: as long as it takes) for either pipe or the cancellable. */
static void
catch_some (Catch *catch, GCancellable *cancellable, int timeout)
{
  GPollFD waits[] = {
    {catch->out,       G_IO_IN | G_IO_HUP, 0},
    {catch->complaint, G_IO_IN | G_IO_HUP, 0},
    {-1,               0,                  0},
  };
  gboolean can_cancel = g_cancellable_make_pollfd (cancellable, &waits[2]);
  if (g_poll (waits, G_N_ELEMENTS (waits), timeout) > 0)
    {
      if (waits[0].revents != 0)
        read_some (&catch->out, catch->output, OUTPUT_LIMIT + 1, &catch->output_length);
      if (waits[1].revents != 0)
        read_some (&catch->complaint, catch->complaint_text, COMPLAINT_LIMIT,
                   &catch->complaint_length);
    }
  if (can_cancel)
    g_cancellable_release_fd (cancellable);
}

static int
pipe_of (GInputStream *stream)
{
  return g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (stream));
}

static gboolean
catch_all (Catch *catch, GSubprocess *program, GCancellable *cancellable, GError **error)
{
  catch->out = pipe_of (g_subprocess_get_stdout_pipe (program));
  catch->complaint = pipe_of (g_subprocess_get_stderr_pipe (program));
  while (catch->out >= 0 && catch->output_length <= OUTPUT_LIMIT)
    {
      catch_some (catch, cancellable, -1);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    }
  if (catch->output_length > OUTPUT_LIMIT)
    {
      fail (error, catch->command, "printed more than 64 KiB");
      return FALSE;
    }
  if (!g_subprocess_wait (program, cancellable, error))
    return FALSE;
  catch_some (catch, cancellable, 0); /* its last words */
  return TRUE;
}

/* ": " and the first line of standard error, fit for a log; "" if there is none. */
static char *
quote_complaint (Catch *catch)
{
  char *text = catch->complaint_text;
  text[catch->complaint_length] = '\0';
  text[strcspn (text, "\r\n")] = '\0';
  for (char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  g_autofree char *line = g_utf8_make_valid (g_strstrip (text), -1);
  return *line != '\0' ? g_strconcat (": ", line, NULL) : g_strdup ("");
}

static gboolean
check_end (Catch *catch, GSubprocess *program, GError **error)
{
  if (g_subprocess_get_successful (program))
    return TRUE;

  g_autofree char *complaint = quote_complaint (catch);
  gboolean exited = g_subprocess_get_if_exited (program);
  fail (
    error, catch->command, exited ? "ended with status %d%s" : "was ended by signal %d%s",
    exited ? g_subprocess_get_exit_status (program) : g_subprocess_get_term_sig (program),
    complaint);
  return FALSE;
}

static EstSecret *
take_secret (Catch *catch, GError **error)
{
  gsize length = catch->output_length;
  const char *fault = catch->command->cut (catch->output, &length);
  if (fault == NULL)
    return est_secret_new (catch->output, (gssize) length);
  fail (error, catch->command, "%s", fault);
  return NULL;
}

EstSecret *
est_secret_command_run (const EstSecretCommand *command,
                        const char *const *argv,
                        GCancellable *cancellable,
                        GError **error)
{
  pid_t group;
  g_autoptr (GSubprocess) program = start (command, argv, &group, error);
  if (program == NULL)
    return NULL;

  g_autoptr (Catch) catch = g_new0 (Catch, 1);
  catch->command = command;
  if (!catch_all (catch, program, cancellable, error))
    {
      est_program_end (program, group);
      return NULL;
    }
  return check_end (catch, program, error) ? take_secret (catch, error) : NULL;
}

static const char *
cut_password (const char *output, gsize *length)
{
  if (*length > 0 && output[*length - 1] == '\n')
    (*length)--;
  if (*length == 0)
    return "printed no password";
  if (memchr (output, '\n', *length) != NULL)
    return "printed more than one line; it must print the password alone";
  if (memchr (output, '\0', *length) != NULL)
    return "printed a zero octet, which no password can have";
  return NULL;
}

/* RFC 6750 2.1: visible characters without blanks. */
static const char *
cut_token (const char *output, gsize *length)
{
  const char *feed = memchr (output, '\n', *length);
  if (feed != NULL)
    *length = (gsize) (feed - output);
  while (*length > 0 && g_ascii_isspace (output[*length - 1]))
    (*length)--;
  if (*length == 0)
    return "printed no token on its first line";
  for (gsize i = 0; i < *length; i++)
    if (!g_ascii_isgraph (output[i]))
      return "printed something else than a token on its first line";
  return NULL;
}

const EstSecretCommand est_password_command = {"password-command", cut_password};
const EstSecretCommand est_token_command = {"token-command", cut_token};
