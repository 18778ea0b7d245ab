#include "account/keyring-errand.h"

typedef struct
{
  EstKeyringErrand errand;
  EstKeyringWork work;
} Job;

static Job *
job_new (EstKeyringWork work, const EstCredential *what, EstSecret *secret)
{
  Job *job = g_new0 (Job, 1);
  job->work = work;
  job->errand.what = (EstCredential){.account = g_strdup (what->account),
                                     .kind = what->kind,
                                     .host = g_strdup (what->host),
                                     .user = g_strdup (what->user)};
  job->errand.secret = secret != NULL ? est_secret_ref (secret) : NULL;
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;
  g_free ((char *) job->errand.what.account);
  g_free ((char *) job->errand.what.host);
  g_free ((char *) job->errand.what.user);
  g_clear_pointer (&job->errand.secret, est_secret_unref);
  g_free (job);
}

static void
do_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  if (job->work (&job->errand, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

gboolean
est_keyring_errand_run (EstKeyringWork work,
                        const EstCredential *what,
                        EstSecret *secret,
                        EstSecret **found,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, NULL, NULL);
  Job *job = job_new (work, what, secret);
  g_task_set_task_data (task, job, job_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread_sync (task, do_job);
  if (!g_task_propagate_boolean (task, error))
    return FALSE;
  if (found != NULL)
    *found = g_steal_pointer (&job->errand.secret);
  return TRUE;
}
