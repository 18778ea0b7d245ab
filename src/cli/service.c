/* systemctl --user where it answers, else the program itself. */
#include "cli/service.h"

#include "cli/autostart.h"
#include "cli/connect.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define UNIT            "estafetad.service"
#define COMMAND_SECONDS 20
#define START_MS        20000
#define PAUSE_MS        20

struct EstService
{
  GCancellable *cancellable;
  EstServiceKind kind;
  gboolean was_enabled;
  gboolean masked; /* the person does not want it */
  gboolean started, enabled;
  GSubprocess *program; /* started by us; NULL */
  EstAutostart *autostart;
};

/* Not in our process group: Ctrl-C means us, and the daemon outlives the terminal. */
static void
leave_terminal (gpointer data)
{
  setsid ();
}

static gboolean
on_late (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

typedef struct
{
  GAsyncResult *result;
} Wait;

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Wait *) data)->result = g_object_ref (result);
}

/* Everything it said, NULL with an error if it did not end well in time. */
static char *
run (const char *const *words, GError **error)
{
  Wait wait = {0};
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GCancellable) limit = g_cancellable_new ();
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, leave_terminal, NULL, NULL);
  g_autoptr (GSubprocess) child = g_subprocess_launcher_spawnv (launcher, words, error);
  if (child == NULL)
    return NULL;

  guint timer = g_timeout_add_seconds (COMMAND_SECONDS, on_late, limit);
  g_subprocess_communicate_utf8_async (child, NULL, limit, on_done, &wait);
  while (wait.result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  g_autoptr (GAsyncResult) result = wait.result;
  if (!g_subprocess_communicate_utf8_finish (child, result, &output, &errors, error))
    {
      g_subprocess_force_exit (child);
      return NULL;
    }
  if (g_subprocess_get_successful (child))
    return g_steal_pointer (&output);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, g_strstrip (errors));
  return NULL;
}

static char *
systemctl (const char *verb, const char *more, GError **error)
{
  const char *words[]
    = {"systemctl", "--user", "--no-ask-password", verb, UNIT, more, NULL};
  return run (words, error);
}

static gboolean
does (const char *verb, GError **error)
{
  g_autofree char *output = systemctl (verb, NULL, error);
  return output != NULL;
}

/* The value of "KEY=" at the beginning of a line of @text; new string, "" if there is
   none. */
static char *
find_value (const char *text, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, key))
      return g_strdup (*line + strlen (key));
  return g_strdup ("");
}

/* A user manager that is not there, or does not know the unit, is nobody. */
static gboolean
look_at_unit (EstService *service)
{
  g_autofree char *said = systemctl ("show", "--property=LoadState,UnitFileState", NULL);
  if (said == NULL)
    return FALSE;
  g_autofree char *load = find_value (said, "LoadState=");
  g_autofree char *file = find_value (said, "UnitFileState=");
  service->masked = g_str_equal (load, "masked");
  service->was_enabled = g_str_equal (file, "enabled");
  return service->masked || g_str_equal (load, "loaded");
}

EstService *
est_service_new (GCancellable *cancellable)
{
  EstService *service = g_new0 (EstService, 1);
  service->cancellable = g_object_ref (cancellable);
  service->kind = look_at_unit (service) ? EST_SERVICE_SYSTEMD : EST_SERVICE_AUTOSTART;
  return service;
}

void
est_service_free (EstService *service)
{
  g_clear_pointer (&service->autostart, est_autostart_free);
  g_clear_object (&service->program);
  g_object_unref (service->cancellable);
  g_free (service);
}

static gboolean
start_program (EstService *service, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, leave_terminal, NULL, NULL);
  g_subprocess_launcher_set_cwd (launcher, "/");
  service->program
    = g_subprocess_launcher_spawn (launcher, error, LIBEXECDIR "/estafetad", NULL);
  return service->program != NULL;
}

/* GLib forgets the number of a process as soon as it has ended. */
static gboolean
has_ended (GSubprocess *program)
{
  return g_subprocess_get_identifier (program) == NULL;
}

static gboolean
wait_for_answer (EstService *service, GError **error)
{
  for (guint waited = 0; waited < START_MS; waited += PAUSE_MS)
    {
      if (g_cancellable_set_error_if_cancelled (service->cancellable, error))
        return FALSE;
      if (est_connect_is_there ())
        return TRUE;
      if (service->program != NULL && has_ended (service->program))
        break;
      g_usleep (PAUSE_MS * 1000);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
               _ ("it was started, and does not answer; “%s” may say why"),
               LIBEXECDIR "/estafetad");
  return FALSE;
}

static gboolean
complain_of_mask (GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               _ ("the service is masked; “%s” permits it"),
               "systemctl --user unmask " UNIT);
  return FALSE;
}

gboolean
est_service_start (EstService *service, GError **error)
{
  if (est_connect_is_there ())
    return TRUE;
  if (service->masked)
    return complain_of_mask (error);
  service->started = TRUE;
  gboolean good = service->kind == EST_SERVICE_SYSTEMD ? does ("start", error)
                                                       : start_program (service, error);
  return good && wait_for_answer (service, error);
}

gboolean
est_service_enable (EstService *service, GError **error)
{
  if (service->kind == EST_SERVICE_AUTOSTART)
    {
      service->autostart = est_autostart_write (error);
      return service->autostart != NULL;
    }
  if (service->masked)
    return complain_of_mask (error);
  if (service->was_enabled)
    return TRUE;
  service->enabled = TRUE;
  return does ("enable", error);
}

void
est_service_undo_enable (EstService *service)
{
  if (service->autostart != NULL)
    est_autostart_undo (service->autostart);
  if (service->enabled)
    does ("disable", NULL);
  service->enabled = FALSE;
}

static void
stop_program (GSubprocess *program)
{
  g_subprocess_send_signal (program, SIGTERM);
  for (guint waited = 0; waited < START_MS && !has_ended (program); waited += PAUSE_MS)
    g_usleep (PAUSE_MS * 1000);
}

void
est_service_undo_start (EstService *service)
{
  if (service->program != NULL)
    stop_program (service->program);
  else if (service->started)
    does ("stop", NULL);
  service->started = FALSE;
}

EstServiceKind
est_service_kind (const EstService *service)
{
  return service->kind;
}

const char *
est_service_file (const EstService *service)
{
  return service->autostart != NULL ? est_autostart_path (service->autostart) : NULL;
}
