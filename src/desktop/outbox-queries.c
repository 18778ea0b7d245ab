/* List, Show, Journal, GetStatus. */
#include "base/clock.h"
#include "desktop/describe.h"
#include "desktop/outbox-methods.h"
#include "desktop/selection-values.h"
#include "desktop/status.h"
#include "outbox/control.h"

/* A budget that lets mail leave again is no pause any more, whether something left that
   ends it or not. */
static void
drop_what_is_over (GPtrArray *pauses)
{
  gint64 now = est_clock_now ();
  for (guint i = pauses->len; i-- > 0;)
    {
      const EstPause *pause = g_ptr_array_index (pauses, i);
      if (pause->reason == EST_REASON_BUDGET && pause->retry <= now)
        g_ptr_array_remove_index (pauses, i);
    }
}

static GHashTable *
look_ahead (EstBook *book, const EstSettings *settings, const GPtrArray *pauses)
{
  GHashTable *forecasts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                 (GDestroyNotify) g_hash_table_unref);
  for (guint i = 0; i < pauses->len; i++)
    {
      const EstPause *pause = g_ptr_array_index (pauses, i);
      const EstAccount *account = est_settings_find (settings, pause->account);
      if (pause->reason == EST_REASON_BUDGET && account != NULL)
        g_hash_table_insert (forecasts, g_strdup (account->name),
                             est_book_forecast (book, account));
    }
  return forecasts;
}

/* What decides why messages wait, all from one moment. */
static gboolean
read_circumstances (EstOutboxObject *object, EstCircumstances *now, GError **error)
{
  now->settings = est_accounts_get (object->accounts);
  now->pauses = est_outbox_pauses (object->outbox, error);
  now->halts = now->pauses != NULL ? est_control_halts (object->outbox, error) : NULL;
  if (now->halts == NULL)
    return FALSE;
  now->book = est_dispatcher_book (object->dispatcher);
  drop_what_is_over (now->pauses);
  now->forecasts = look_ahead (now->book, now->settings, now->pauses);
  return TRUE;
}

gboolean
est_outbox_on_list (EstBusOutbox1 *skeleton,
                    GDBusMethodInvocation *invocation,
                    GVariant *filter,
                    guint64 after,
                    guint limit,
                    EstOutboxObject *object)
{
  EstSelection selection;
  g_autoptr (GError) error = NULL;
  g_auto (EstCircumstances) now = {0};
  g_autoptr (GPtrArray) entries = NULL;
  if (est_selection_read (&selection, NULL, filter, &error)
      && read_circumstances (object, &now, &error))
    entries
      = est_outbox_list (object->outbox, &selection, (gint64) MIN (after, G_MAXINT64),
                         CLAMP (limit, 1, EST_OUTBOX_LIST_LIMIT), &error);
  if (entries == NULL)
    return est_outbox_return_error (invocation, error);

  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < entries->len; i++)
    g_variant_builder_add_value (
      &list, est_describe_entry (g_ptr_array_index (entries, i), &now));
  est_bus_outbox1_complete_list (skeleton, invocation, g_variant_builder_end (&list));
  return TRUE;
}

gboolean
est_outbox_on_show (EstBusOutbox1 *skeleton,
                    GDBusMethodInvocation *invocation,
                    guint64 id,
                    EstOutboxObject *object)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstCircumstances) now = {0};
  g_autoptr (EstEntry) entry
    = est_outbox_get (object->outbox, (gint64) MIN (id, G_MAXINT64), &error);
  g_autoptr (GPtrArray) attempts
    = entry != NULL ? est_outbox_attempts (object->outbox, entry->id, &error) : NULL;
  if (attempts == NULL || !read_circumstances (object, &now, &error))
    return est_outbox_return_error (invocation, error);
  GVariant *whole = est_describe_whole (entry, &now, attempts);
  est_bus_outbox1_complete_show (skeleton, invocation, whole);
  return TRUE;
}

gboolean
est_outbox_on_journal (EstBusOutbox1 *skeleton,
                       GDBusMethodInvocation *invocation,
                       GVariant *filter,
                       guint64 after,
                       guint limit,
                       EstOutboxObject *object)
{
  EstJournalSearch search;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  if (est_journal_search_read (&search, filter, &error))
    attempts
      = est_outbox_journal (object->outbox, &search, (gint64) MIN (after, G_MAXINT64),
                            CLAMP (limit, 1, EST_OUTBOX_LIST_LIMIT), &error);
  if (attempts == NULL)
    return est_outbox_return_error (invocation, error);

  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < attempts->len; i++)
    {
      const EstAttempt *attempt = g_ptr_array_index (attempts, i);
      g_autoptr (EstEntry) entry
        = est_outbox_get (object->outbox, attempt->message, NULL);
      g_variant_builder_add_value (&list, est_describe_journal (attempt, entry));
    }
  est_bus_outbox1_complete_journal (skeleton, invocation, g_variant_builder_end (&list));
  return TRUE;
}

static void
copy_listening (EstOutboxObject *object, char ***listening, GVariant **taken)
{
  g_mutex_lock (&object->listening_mutex);
  *listening = g_strdupv (object->listening);
  *taken = g_variant_ref (object->taken);
  g_mutex_unlock (&object->listening_mutex);
}

gboolean
est_outbox_on_get_status (EstBusOutbox1 *skeleton,
                          GDBusMethodInvocation *invocation,
                          EstOutboxObject *object)
{
  EstCounts counts;
  g_autoptr (GError) error = NULL;
  g_auto (EstCircumstances) now = {0};
  g_autofree char *problem = est_accounts_dup_problem (object->accounts);
  g_auto (GStrv) set_aside = est_outbox_set_aside (object->outbox);
  if (!read_circumstances (object, &now, &error)
      || !est_outbox_count (object->outbox, &counts, &error))
    return est_outbox_return_error (invocation, error);
  g_auto (GStrv) listening = NULL;
  g_autoptr (GVariant) taken = NULL;
  copy_listening (object, &listening, &taken);
  const EstStatus status = {
    .listening = (const char *const *) listening,
    .taken = taken,
    .counts = &counts,
    .circumstances = &now,
    .next = est_dispatcher_next (object->dispatcher),
    .set_aside = (const char *const *) set_aside,
    .problem = problem,
  };
  est_bus_outbox1_complete_get_status (skeleton, invocation,
                                       est_status_describe (&status));
  return TRUE;
}
