/* Questions of apps. */
#include "desktop/app-questions.h"

#define PREFIX "app " /* of the incident; the program's name follows */

struct EstAppQuestions
{
  EstOutbox *outbox;
  EstApps *apps;
  EstNoticeBoard *board;
  GHashTable *told; /* program -> how many messages were told to wait */
};

EstAppQuestions *
est_app_questions_new (EstOutbox *outbox, EstApps *apps, EstNoticeBoard *board)
{
  EstAppQuestions *questions = g_new (EstAppQuestions, 1);
  questions->outbox = g_object_ref (outbox);
  questions->apps = g_object_ref (apps);
  questions->board = board;
  questions->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return questions;
}

void
est_app_questions_free (EstAppQuestions *questions)
{
  g_object_unref (questions->outbox);
  g_object_unref (questions->apps);
  g_hash_table_unref (questions->told);
  g_free (questions);
}

/* Its first message speaks for all of them. What nobody shows is tried again when the
   next thing happens. */
static void
put (EstAppQuestions *questions, const EstApp *app)
{
  g_autoptr (EstEntry) entry = est_outbox_get (questions->outbox, app->first, NULL);
  if (entry == NULL)
    return;
  g_autoptr (GPtrArray) recipients = g_ptr_array_new ();
  for (guint i = 0; i < entry->n_recipients; i++)
    g_ptr_array_add (recipients, entry->recipients[i].address);
  g_ptr_array_add (recipients, NULL);
  g_autofree char *incident = g_strconcat (PREFIX, app->program, NULL);
  g_autoptr (EstNotice) notice
    = est_notice_app (app->program, entry->sender, app->waiting, entry->subject,
                      (const char *const *) recipients->pdata);
  if (est_notice_board_put (questions->board, incident, EST_NOTICE_TROUBLE, notice))
    g_hash_table_insert (questions->told, g_strdup (app->program),
                         GUINT_TO_POINTER (app->waiting));
}

static gboolean
is_asked (const GPtrArray *list, const char *program)
{
  for (guint i = 0; i < list->len; i++)
    {
      const EstApp *app = g_ptr_array_index (list, i);
      if (g_str_equal (app->program, program))
        return app->permission == EST_PERMISSION_ASK && app->waiting > 0;
    }
  return FALSE;
}

static void
take_answered (EstAppQuestions *questions, const GPtrArray *list)
{
  gpointer program;
  GHashTableIter iterator;
  g_hash_table_iter_init (&iterator, questions->told);
  while (g_hash_table_iter_next (&iterator, &program, NULL))
    {
      g_autofree char *incident = g_strconcat (PREFIX, program, NULL);
      if (is_asked (list, program))
        continue;
      est_notice_board_take (questions->board, incident);
      g_hash_table_iter_remove (&iterator);
    }
}

void
est_app_questions_tell (EstAppQuestions *questions)
{
  g_autoptr (GPtrArray) list = est_apps_list (questions->apps, NULL);
  if (list == NULL)
    return;
  take_answered (questions, list);
  for (guint i = 0; i < list->len; i++)
    {
      const EstApp *app = g_ptr_array_index (list, i);
      gpointer told = g_hash_table_lookup (questions->told, app->program);
      if (is_asked (list, app->program) && GPOINTER_TO_UINT (told) != app->waiting)
        put (questions, app);
    }
}

void
est_app_questions_forget (EstAppQuestions *questions, const char *program)
{
  g_hash_table_remove (questions->told, program);
}

gboolean
est_app_questions_answer (EstApps *apps, const char *incident, const char *code)
{
  if (!g_str_has_prefix (incident, PREFIX))
    return FALSE;
  const char *program = incident + sizeof PREFIX - 1;
  if (g_str_equal (code, est_permission_nick (EST_PERMISSION_ALLOW)))
    est_apps_answer (apps, program, EST_PERMISSION_ALLOW);
  else if (g_str_equal (code, est_permission_nick (EST_PERMISSION_REFUSE)))
    est_apps_answer (apps, program, EST_PERMISSION_REFUSE);
  return TRUE;
}
