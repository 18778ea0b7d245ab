/* GSubprocess forgets the number of a program that has ended, but what the program
   left behind may still run under it; so the program tells its number before it is
   executed. */
#include "account/program.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

/* In the child, between fork and exec. */
static void
lead_session (gpointer pipe_end)
{
  pid_t group = setsid ();
  if (write (GPOINTER_TO_INT (pipe_end), &group, sizeof group) != sizeof group)
    _exit (127);
}

static GSubprocess *
spawn (const char *const *argv, int pipe_end, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, lead_session,
                                         GINT_TO_POINTER (pipe_end), NULL);
  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

GSubprocess *
est_program_start (const char *const *argv, pid_t *group, GError **error)
{
  int ends[2];
  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return NULL;

  GSubprocess *program = spawn (argv, ends[1], error);
  g_close (ends[1], NULL);
  *group = 0;
  if (program != NULL && read (ends[0], group, sizeof *group) != sizeof *group)
    *group = 0;
  g_close (ends[0], NULL);
  return program;
}

void
est_program_end (GSubprocess *program, pid_t group)
{
  /* The number stays the group's own as long as anything lives in it. */
  if (group > 0)
    kill (-group, SIGKILL);
  g_subprocess_force_exit (program);
}
