/* The methods of org.estafeta.Outbox1. They run in GDBus's threads, because they may wait
   for a commit; only what touches the dispatcher goes back to the main loop. */
#include "desktop/outbox-object.h"

#include "base/clock.h"
#include "desktop/describe.h"
#include "desktop/methods.h"
#include "desktop/status.h"
#include "interface/names.h"

#define LIST_LIMIT  1000
#define TOGETHER_MS 100 /* changes within it are told in one signal */

struct EstOutboxObject
{
  EstBusOutbox1 *skeleton;
  EstOutbox *outbox;
  EstDispatcher *dispatcher;
  EstAccounts *accounts;
  char **listening;
  GVariant *taken; /* a{su} */
  int counts[EST_N_STATES];
  GArray *changed; /* guint64: ids not told yet */
  guint telling;   /* timeout source; 0: none */
};

static void
return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  const char *name = "org.freedesktop.DBus.Error.Failed";
  if (g_error_matches (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NO_SUCH_MESSAGE))
    name = EST_BUS_ERROR_NO_SUCH_MESSAGE;
  else if (g_error_matches (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NOT_POSSIBLE))
    name = EST_BUS_ERROR_NOT_POSSIBLE;
  g_dbus_method_invocation_return_dbus_error (invocation, name, error->message);
}

static gboolean
on_list (EstBusOutbox1 *skeleton,
         GDBusMethodInvocation *invocation,
         guint64 after,
         guint limit,
         EstOutboxObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  g_autoptr (GPtrArray) pauses = est_outbox_pauses (object->outbox, &error);
  g_autoptr (GPtrArray) entries = NULL;
  if (pauses != NULL)
    entries = est_outbox_list (object->outbox, (gint64) MIN (after, G_MAXINT64),
                               CLAMP (limit, 1, LIST_LIMIT), &error);
  if (entries == NULL)
    {
      return_error (invocation, error);
      return TRUE;
    }
  EstCircumstances circumstances = {settings, pauses};
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < entries->len; i++)
    g_variant_builder_add_value (
      &list, est_describe_entry (g_ptr_array_index (entries, i), &circumstances));
  est_bus_outbox1_complete_list (skeleton, invocation, g_variant_builder_end (&list));
  return TRUE;
}

static gboolean
on_show (EstBusOutbox1 *skeleton,
         GDBusMethodInvocation *invocation,
         guint64 id,
         EstOutboxObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  g_autoptr (EstEntry) entry
    = est_outbox_get (object->outbox, (gint64) MIN (id, G_MAXINT64), &error);
  g_autoptr (GPtrArray) attempts
    = entry != NULL ? est_outbox_attempts (object->outbox, entry->id, &error) : NULL;
  g_autoptr (GPtrArray) pauses
    = attempts != NULL ? est_outbox_pauses (object->outbox, &error) : NULL;
  if (pauses == NULL)
    {
      return_error (invocation, error);
      return TRUE;
    }
  EstCircumstances circumstances = {settings, pauses};
  GVariant *whole = est_describe_whole (entry, &circumstances, attempts);
  est_bus_outbox1_complete_show (skeleton, invocation, whole);
  return TRUE;
}

/* A word of the person for the dispatcher, which lives on the main loop. */
typedef struct
{
  EstDispatcher *dispatcher;
  char *account; /* NULL: all of them */
} Word;

static gboolean
pass_word_on (gpointer data)
{
  Word *word = data;
  est_dispatcher_wake (word->dispatcher, EST_WAKEUP_PERSON, word->account);
  return G_SOURCE_REMOVE;
}

static void
free_word (gpointer data)
{
  Word *word = data;
  g_object_unref (word->dispatcher);
  g_free (word->account);
  g_free (word);
}

static void
wake (EstOutboxObject *object, const char *account)
{
  Word *word = g_new (Word, 1);
  *word = (Word){g_object_ref (object->dispatcher), g_strdup (account)};
  g_idle_add_full (G_PRIORITY_DEFAULT, pass_word_on, word, free_word);
}

/* Asking for a message to be sent now is a person's word: the pause in its way is tried,
   whatever its reason; those of other accounts are not. */
static void
wake_accounts_of (EstOutboxObject *object, const gint64 *ids, gsize n_ids)
{
  g_autoptr (GHashTable) woken
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < n_ids; i++)
    {
      g_autoptr (EstEntry) entry = est_outbox_get (object->outbox, ids[i], NULL);
      if (entry != NULL && g_hash_table_add (woken, g_strdup (entry->account)))
        wake (object, entry->account);
    }
  if (n_ids == 0)
    wake (object, NULL);
}

static gboolean
on_send (EstBusOutbox1 *skeleton,
         GDBusMethodInvocation *invocation,
         GVariant *ids,
         EstOutboxObject *object)
{
  gsize n_ids;
  guint count = 0;
  g_autoptr (GError) error = NULL;
  const gint64 *list = g_variant_get_fixed_array (ids, &n_ids, sizeof (gint64));
  if (!est_outbox_send_now (object->outbox, list, n_ids, &count, &error))
    {
      return_error (invocation, error);
      return TRUE;
    }
  wake_accounts_of (object, list, n_ids);
  est_bus_outbox1_complete_send (skeleton, invocation, count);
  return TRUE;
}

static gboolean
on_get_status (EstBusOutbox1 *skeleton,
               GDBusMethodInvocation *invocation,
               EstOutboxObject *object)
{
  EstCounts counts;
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  g_autofree char *problem = est_accounts_dup_problem (object->accounts);
  g_autoptr (GPtrArray) pauses = est_outbox_pauses (object->outbox, &error);
  if (pauses == NULL || !est_outbox_count (object->outbox, &counts, &error))
    {
      return_error (invocation, error);
      return TRUE;
    }
  EstStatus status = {
    .listening = (const char *const *) object->listening,
    .taken = object->taken,
    .counts = &counts,
    .circumstances = {settings, pauses},
    .next = est_dispatcher_next (object->dispatcher),
    .problem = problem
  };
  est_bus_outbox1_complete_get_status (skeleton, invocation,
                                       est_status_describe (&status));
  return TRUE;
}

static void
show_counts (EstOutboxObject *object)
{
  const int *counts = object->counts;
  guint waiting = (guint) (counts[EST_STATE_WAITING] + counts[EST_STATE_SENDING]);
  guint troubled = (guint) (counts[EST_STATE_FAILED] + counts[EST_STATE_HELD]);
  est_bus_outbox1_set_waiting (object->skeleton, waiting);
  est_bus_outbox1_set_troubled (object->skeleton, troubled);
}

static gboolean
tell_changes (gpointer data)
{
  EstOutboxObject *object = data;
  object->telling = 0;
  GVariant *ids = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, object->changed->data,
                                             object->changed->len, sizeof (guint64));
  est_bus_outbox1_emit_changed (object->skeleton, ids);
  show_counts (object);
  g_array_set_size (object->changed, 0);
  return G_SOURCE_REMOVE;
}

static void
note_id (GArray *changed, guint64 id)
{
  for (guint i = 0; i < changed->len; i++)
    if (g_array_index (changed, guint64, i) == id)
      return;
  g_array_append_val (changed, id);
}

/* The list is searched for doubles: it is told before it gets long. */
static void
on_changed (EstOutbox *outbox, gint64 id, int from, int to, EstOutboxObject *object)
{
  if (from >= 0)
    object->counts[from]--;
  object->counts[to]++;
  note_id (object->changed, (guint64) id);
  if (object->telling == 0)
    object->telling = g_timeout_add (TOGETHER_MS, tell_changes, object);
  else if (object->changed->len >= LIST_LIMIT)
    {
      g_source_remove (object->telling);
      tell_changes (object);
    }
}

static void
load_counts (EstOutboxObject *object)
{
  EstCounts counts;
  if (est_outbox_count (object->outbox, &counts, NULL))
    for (EstState state = 0; state < EST_N_STATES; state++)
      object->counts[state] = (int) counts.by_state[state];
  show_counts (object);
}

static void
clear_object (gpointer data)
{
  EstOutboxObject *object = data;
  g_object_unref (object->skeleton);
  g_object_unref (object->outbox);
  g_object_unref (object->dispatcher);
  g_object_unref (object->accounts);
  g_strfreev (object->listening);
  g_variant_unref (object->taken);
  g_array_unref (object->changed);
}

static void
release (gpointer object, GClosure *closure)
{
  g_atomic_rc_box_release_full (object, clear_object);
}

static const EstMethod methods[] = {
  {"handle-list",       G_CALLBACK (on_list)      },
  {"handle-show",       G_CALLBACK (on_show)      },
  {"handle-send",       G_CALLBACK (on_send)      },
  {"handle-get-status", G_CALLBACK (on_get_status)},
};

EstOutboxObject *
est_outbox_object_new (const EstBusServices *services)
{
  EstOutboxObject *object = g_atomic_rc_box_new0 (EstOutboxObject);
  object->skeleton = est_bus_outbox1_skeleton_new ();
  object->outbox = g_object_ref (services->outbox);
  object->dispatcher = g_object_ref (services->dispatcher);
  object->accounts = g_object_ref (services->accounts);
  object->listening = g_strdupv ((char **) services->listening);
  object->taken = g_variant_ref_sink (est_status_describe_taken (services->taken));
  object->changed = g_array_new (FALSE, FALSE, sizeof (guint64));
  load_counts (object);

  est_methods_connect (G_DBUS_INTERFACE_SKELETON (object->skeleton), methods,
                       G_N_ELEMENTS (methods), object, release);
  g_signal_connect (object->outbox, "changed", G_CALLBACK (on_changed), object);
  return object;
}

void
est_outbox_object_free (EstOutboxObject *object)
{
  g_signal_handlers_disconnect_by_data (object->outbox, object);
  if (object->telling != 0)
    g_source_remove (object->telling);
  g_signal_handlers_disconnect_by_data (object->skeleton, object);
  release (object, NULL);
}

GDBusInterfaceSkeleton *
est_outbox_object_skeleton (EstOutboxObject *object)
{
  return G_DBUS_INTERFACE_SKELETON (object->skeleton);
}
