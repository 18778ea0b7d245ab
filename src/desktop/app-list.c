/* Apps from two sources: what waits, and what was said. */
#include "desktop/app-list.h"

void
est_app_free (EstApp *app)
{
  g_free (app->program);
  g_strfreev (app->senders);
  g_free (app);
}

static EstApp *
new_app (const char *program, const EstSettings *settings)
{
  EstApp *app = g_new0 (EstApp, 1);
  app->program = g_strdup (program);
  app->permission = est_settings_permission (settings, program);
  return app;
}

static void
add_asking (GPtrArray *list, EstAsking *asking, const EstSettings *settings)
{
  EstApp *app = new_app (asking->program, settings);
  app->waiting = asking->count;
  app->since = asking->since;
  app->first = asking->first;
  app->senders = g_steal_pointer (&asking->senders);
  g_ptr_array_add (list, app);
}

static gboolean
is_in (const GPtrArray *list, const char *program)
{
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((const EstApp *) g_ptr_array_index (list, i))->program, program))
      return TRUE;
  return FALSE;
}

static int
compare_apps (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(const EstApp *const *) a)->program,
                    (*(const EstApp *const *) b)->program);
}

GPtrArray *
est_app_list (EstOutbox *outbox, EstAccounts *accounts, GError **error)
{
  gpointer program;
  GHashTableIter iterator;
  g_autoptr (EstSettings) settings = est_accounts_get (accounts);
  g_autoptr (GPtrArray) asking = est_outbox_asking (outbox, error);
  if (asking == NULL)
    return NULL;
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) est_app_free);
  for (guint i = 0; i < asking->len; i++)
    add_asking (list, g_ptr_array_index (asking, i), settings);
  g_hash_table_iter_init (&iterator, settings->apps);
  while (g_hash_table_iter_next (&iterator, &program, NULL))
    if (!is_in (list, program))
      g_ptr_array_add (list, new_app (program, settings));
  g_ptr_array_sort (list, compare_apps);
  return list;
}
