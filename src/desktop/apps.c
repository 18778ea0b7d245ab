/* Answers and what comes of them. */
#include "desktop/apps.h"

#include "outbox/control.h"

struct _EstApps
{
  GObject parent_instance;
  EstOutbox *outbox;
  EstAccounts *accounts;
  GMutex deciding;   /* one answer and what comes of it after the other */
  gboolean sweeping; /* these two: main loop */
  gboolean again;
};

G_DEFINE_FINAL_TYPE (EstApps, est_apps, G_TYPE_OBJECT)

static guint undecided_signal;

static void
est_apps_init (EstApps *self)
{
  g_mutex_init (&self->deciding);
}

static gboolean
drop (gpointer object)
{
  g_object_unref (object);
  return G_SOURCE_REMOVE;
}

/* A task's thread may be the last to let go of us, but settings live on the main loop. */
static void
drop_on_main_loop (gpointer object)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, drop, object, NULL);
}

static void
est_apps_finalize (GObject *object)
{
  EstApps *self = EST_APPS (object);
  drop_on_main_loop (self->outbox);
  drop_on_main_loop (self->accounts);
  g_mutex_clear (&self->deciding);
  G_OBJECT_CLASS (est_apps_parent_class)->finalize (object);
}

static void
est_apps_class_init (EstAppsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = est_apps_finalize;
  undecided_signal = g_signal_new ("undecided", EST_TYPE_APPS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static gboolean
release (EstApps *self, const char *program, guint *released, GError **error)
{
  const EstSelection selection = {.states = EST_STATE_BIT (EST_STATE_HELD),
                                  .reason = EST_REASON_APP,
                                  .program = program};
  return est_control_grant (self->outbox, EST_WISH_RELEASE, &selection, released, error);
}

static gboolean
release_allowed (EstApps *self, GError **error)
{
  g_autoptr (EstSettings) settings = est_accounts_get (self->accounts);
  g_autoptr (GPtrArray) asking = est_outbox_asking (self->outbox, error);
  gboolean good = asking != NULL;
  for (guint i = 0; good && i < asking->len; i++)
    {
      guint released;
      const EstAsking *app = g_ptr_array_index (asking, i);
      if (est_settings_permission (settings, app->program) == EST_PERMISSION_ALLOW)
        good = release (self, app->program, &released, error);
    }
  return good;
}

static void
sweep_in_thread (GTask *task, gpointer self, gpointer data, GCancellable *cancellable)
{
  EstApps *apps = self;
  g_autoptr (GError) error = NULL;
  g_mutex_lock (&apps->deciding);
  gboolean good = release_allowed (apps, &error);
  g_mutex_unlock (&apps->deciding);
  if (!good)
    g_warning ("mail of an allowed app stays on hold: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void sweep (EstApps *self);

static void
on_swept (GObject *object, GAsyncResult *result, gpointer data)
{
  EstApps *self = EST_APPS (object);
  self->sweeping = FALSE;
  if (self->again)
    sweep (self);
}

/* One at a time; what comes meanwhile is looked at after it. */
static void
sweep (EstApps *self)
{
  self->again = self->sweeping;
  if (self->sweeping)
    return;
  self->sweeping = TRUE;
  g_autoptr (GTask) task = g_task_new (self, NULL, on_swept, NULL);
  g_task_run_in_thread (task, sweep_in_thread);
}

/* What was handed in while its person said yes was stored as if they had not. */
static void
on_message (EstOutbox *outbox, gint64 id, int from, int to, EstApps *self)
{
  if (from < 0 && to == EST_STATE_HELD)
    sweep (self);
}

EstApps *
est_apps_new (EstOutbox *outbox, EstAccounts *accounts)
{
  EstApps *self = g_object_new (EST_TYPE_APPS, NULL);
  self->outbox = g_object_ref (outbox);
  self->accounts = g_object_ref (accounts);
  g_signal_connect_object (outbox, "changed", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (accounts, "changed", G_CALLBACK (sweep), self,
                           G_CONNECT_SWAPPED);
  sweep (self);
  return self;
}

GPtrArray *
est_apps_list (EstApps *self, GError **error)
{
  return est_app_list (self->outbox, self->accounts, error);
}

/* With the mutex held. */
static gboolean
decide (EstApps *self,
        const char *program,
        EstPermission permission,
        guint *released,
        GError **error)
{
  *released = 0;
  return est_accounts_permit (self->accounts, program, permission, error)
         && (permission != EST_PERMISSION_ALLOW
             || release (self, program, released, error));
}

gboolean
est_apps_decide (EstApps *self,
                 const char *program,
                 EstPermission permission,
                 guint *released,
                 GError **error)
{
  g_mutex_lock (&self->deciding);
  gboolean good = decide (self, program, permission, released, error);
  g_mutex_unlock (&self->deciding);
  return good;
}

typedef struct
{
  char *program;
  EstPermission permission;
} Answer;

static void
free_answer (gpointer data)
{
  Answer *answer = data;
  g_free (answer->program);
  g_free (answer);
}

static gboolean
is_open (EstApps *self, const char *program)
{
  g_autoptr (EstSettings) settings = est_accounts_get (self->accounts);
  return est_settings_permission (settings, program) == EST_PERMISSION_ASK;
}

static void
answer_in_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  guint released;
  EstApps *self = object;
  const Answer *answer = data;
  g_autoptr (GError) error = NULL;
  g_mutex_lock (&self->deciding);
  gboolean good
    = !is_open (self, answer->program)
      || decide (self, answer->program, answer->permission, &released, &error);
  g_mutex_unlock (&self->deciding);
  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_answered (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  const Answer *answer = g_task_get_task_data (G_TASK (result));
  if (g_task_propagate_boolean (G_TASK (result), &error))
    return;
  g_warning ("the answer about %s could not be kept: %s", answer->program,
             error->message);
  g_signal_emit (object, undecided_signal, 0, answer->program);
}

void
est_apps_answer (EstApps *self, const char *program, EstPermission permission)
{
  Answer *answer = g_new (Answer, 1);
  *answer = (Answer){g_strdup (program), permission};
  g_autoptr (GTask) task = g_task_new (self, NULL, on_answered, NULL);
  g_task_set_task_data (task, answer, free_answer);
  g_task_run_in_thread (task, answer_in_thread);
}
