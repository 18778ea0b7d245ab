/* Gets a password without showing it anywhere, and answers that may be seen. */
#include "cli/prompt.h"

#include "cli/interrupt.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#define LIMIT (64 * 1024)

static const int signals[]
  = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};

static volatile sig_atomic_t caught;
static pthread_t asking; /* the thread that waits for the person */

typedef struct
{
  char *text; /* LIMIT octets */
  gsize length;
  gboolean ended; /* there was no line break, and is no more to come */
} Line;

/* What the terminal and the signals were before. */
typedef struct
{
  struct termios settings;
  sigset_t mask;
  struct sigaction actions[G_N_ELEMENTS (signals)];
} Before;

/* The kernel gives it to any thread that does not block it: those of D-Bus do not. There
   it would interrupt nobody's waiting, so that it is passed on (signal-safety(7) allows
   that). */
static void
on_signal (int number)
{
  if (!pthread_equal (pthread_self (), asking))
    {
      pthread_kill (asking, number);
      return;
    }
  caught = number;
}

/* The signals stay blocked but while read_line() waits, so that none comes in between its
   look at them and its sleep. */
static void
mute (Before *before, gboolean echo)
{
  struct sigaction action = {.sa_handler = on_signal};
  asking = pthread_self ();
  sigset_t blocked;
  sigemptyset (&blocked);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaddset (&blocked, signals[i]);
  sigprocmask (SIG_BLOCK, &blocked, &before->mask);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &action, &before->actions[i]);

  tcgetattr (STDIN_FILENO, &before->settings);
  struct termios silent = before->settings;
  if (!echo)
    silent.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
}

static void
unmute (const Before *before)
{
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before->settings);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &before->actions[i], NULL);
  sigprocmask (SIG_SETMASK, &before->mask, NULL);
}

/* Octet by octet, so that a script's following lines stay for others. Lets signals in by
   @mask (NULL: as they are) while it waits. 0 or an errno. */
static int
read_line (Line *line, const sigset_t *mask)
{
  for (;;)
    {
      struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
      char octet;
      if (ppoll (&input, 1, NULL, mask) < 0)
        return errno;
      gssize n = read (STDIN_FILENO, &octet, 1);
      if (n < 0)
        return errno;
      line->ended = n == 0;
      if (n == 0 || octet == '\n')
        return 0;
      if (line->length == LIMIT)
        return EMSGSIZE;
      line->text[line->length++] = octet;
    }
}

/* After a signal that did not end the program (it was stopped, and goes on) it asks
 * again. */
static int
ask (const char *question, gboolean echo, Line *line)
{
  for (;;)
    {
      Before before;
      caught = 0;
      line->length = 0;
      mute (&before, echo);
      g_printerr ("%s", question);
      int code = read_line (line, &before.mask);
      if (!echo || code != 0 || line->ended)
        g_printerr ("\n");
      unmute (&before);
      if (code != EINTR || caught == 0)
        return code;
      if (est_interrupt_take (caught))
        return ECANCELED;
      raise (caught);
    }
}

static void
complain (GError **error, const char *words)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, words);
}

static EstSecret *
take (Line *line, GError **error)
{
  if (line->length > 0 && line->text[line->length - 1] == '\r')
    line->length--;
  if (line->length == 0)
    complain (error, _ ("no password was given"));
  else if (memchr (line->text, '\0', line->length) != NULL)
    complain (error, _ ("a password cannot hold a NUL octet"));
  else
    return est_secret_new (line->text, (gssize) line->length);
  return NULL;
}

static gboolean
fail (GError **error, int code)
{
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code),
                       g_strerror (code));
  return FALSE;
}

EstSecret *
est_prompt_secret (const char *question, GError **error)
{
  EstSecret *secret = NULL;
  g_autofree char *text = g_malloc (LIMIT);
  Line line = {text, 0, FALSE};
  int code
    = isatty (STDIN_FILENO) ? ask (question, FALSE, &line) : read_line (&line, NULL);
  if (code == 0)
    secret = take (&line, error);
  else if (code == EMSGSIZE)
    complain (error, _ ("a password cannot be longer than 64 KiB"));
  else
    fail (error, code);
  est_secret_wipe (text, LIMIT);
  return secret;
}

/* What the terminal gives with its line editing; blanks around it mean nothing. */
static char *
take_answer (const Line *line, GError **error)
{
  g_autofree char *answer = g_strndup (line->text, line->length);
  g_strstrip (answer);
  if (line->ended && line->length == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("no answer was given"));
  else if (!g_utf8_validate (answer, -1, NULL)
           || memchr (line->text, '\0', line->length) != NULL)
    complain (error, _ ("the answer is no text"));
  else
    return g_steal_pointer (&answer);
  return NULL;
}

char *
est_prompt_line (const char *question, GError **error)
{
  g_autofree char *text = g_malloc (LIMIT);
  Line line = {text, 0, FALSE};
  int code = ask (question, TRUE, &line);
  if (code == 0)
    return take_answer (&line, error);
  fail (error, code);
  return NULL;
}

static gboolean
write_all (int fd, const char *text, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize n = write (fd, text, length);
      if (n < 0)
        return fail (error, errno);
      text += n;
      length -= (gsize) n;
    }
  return lseek (fd, 0, SEEK_SET) == 0 || fail (error, errno);
}

int
est_prompt_as_file (EstSecret *secret, GError **error)
{
  const char *text = secret != NULL ? est_secret_peek (secret) : "";
  int fd = memfd_create ("estafeta-password", MFD_CLOEXEC);
  if (fd < 0)
    {
      fail (error, errno);
      return -1;
    }
  if (write_all (fd, text, strlen (text), error))
    return fd;
  close (fd);
  return -1;
}
