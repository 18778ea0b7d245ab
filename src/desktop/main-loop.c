/* Errands for the main loop. */
#include "desktop/main-loop.h"

typedef struct
{
  gboolean (*run) (gpointer data, GError **error);
  gpointer data;
  GError **error;
  gboolean good;
  gboolean finished;
  GMutex mutex;
  GCond cond;
} Errand;

static gboolean
run_errand (gpointer data)
{
  Errand *errand = data;
  g_mutex_lock (&errand->mutex);
  errand->good = errand->run (errand->data, errand->error);
  errand->finished = TRUE;
  g_cond_signal (&errand->cond);
  g_mutex_unlock (&errand->mutex);
  return G_SOURCE_REMOVE;
}

gboolean
est_main_loop_run (gboolean (*run) (gpointer data, GError **error),
                   gpointer data,
                   GError **error)
{
  Errand errand = {.run = run, .data = data, .error = error};
  g_mutex_init (&errand.mutex);
  g_cond_init (&errand.cond);
  g_mutex_lock (&errand.mutex);
  g_idle_add_full (G_PRIORITY_DEFAULT, run_errand, &errand, NULL);
  while (!errand.finished)
    g_cond_wait (&errand.cond, &errand.mutex);
  g_mutex_unlock (&errand.mutex);
  g_mutex_clear (&errand.mutex);
  g_cond_clear (&errand.cond);
  return errand.good;
}
