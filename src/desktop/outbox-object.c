/* The object's life, its properties and its signal. */
#include "desktop/outbox-object.h"

#include "desktop/methods.h"
#include "desktop/outbox-methods.h"
#include "desktop/status.h"
#include "desktop/word.h"
#include "interface/names.h"

#define TOGETHER_MS 100 /* changes within it are told in one signal */
#define REST        50  /* a count may take one part of so many of the main loop's time */

typedef struct
{
  EstOutboxError code;
  const char *name;
} ErrorName;

gboolean
est_outbox_return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  static const ErrorName names[] = {
    {EST_OUTBOX_ERROR_NO_SUCH_MESSAGE,   EST_BUS_ERROR_NO_SUCH_MESSAGE  },
    {EST_OUTBOX_ERROR_NOT_POSSIBLE,      EST_BUS_ERROR_NOT_POSSIBLE     },
    {EST_OUTBOX_ERROR_UNDER_WAY,         EST_BUS_ERROR_UNDER_WAY        },
    {EST_OUTBOX_ERROR_NO_CONTENT,        EST_BUS_ERROR_NO_CONTENT       },
    {EST_OUTBOX_ERROR_NO_SUCH_RECIPIENT, EST_BUS_ERROR_NO_SUCH_RECIPIENT},
    {EST_OUTBOX_ERROR_NOT_ITS_SENDER,    EST_BUS_ERROR_NOT_ITS_SENDER   },
  };
  const char *name = "org.freedesktop.DBus.Error.Failed";
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_error_matches (error, EST_OUTBOX_ERROR, (int) names[i].code))
      name = names[i].name;
  if (error->domain == G_DBUS_ERROR)
    g_dbus_method_invocation_return_gerror (invocation, error);
  else
    g_dbus_method_invocation_return_dbus_error (invocation, name, error->message);
  return TRUE;
}

void
est_outbox_wake (EstOutboxObject *object, const char *account)
{
  est_word_go_on (object->dispatcher, account);
}

/* Counted anew, not kept: what changes while the first count is taken would make it wrong
   for ever. A hundred thousand take their time, so the more there are, the more seldom;
   and the first count waits until programs that hand mail in have been served. */
static gboolean
show_counts (gpointer data)
{
  EstOutboxObject *object = data;
  EstCounts counts = {0};
  const guint *by_state = counts.by_state;
  gint64 begin = g_get_monotonic_time ();
  object->counting = 0;
  if (!est_outbox_count (object->outbox, &counts, NULL))
    return G_SOURCE_REMOVE;
  gint64 took_ms = (g_get_monotonic_time () - begin) / 1000;
  object->count_pause_ms = (guint) MAX (TOGETHER_MS, took_ms * REST);
  est_bus_outbox1_set_waiting (object->skeleton,
                               by_state[EST_STATE_WAITING] + by_state[EST_STATE_SENDING]);
  est_bus_outbox1_set_troubled (object->skeleton,
                                by_state[EST_STATE_FAILED] + by_state[EST_STATE_HELD]);
  return G_SOURCE_REMOVE;
}

static gboolean
tell_changes (gpointer data)
{
  EstOutboxObject *object = data;
  object->telling = 0;
  gsize n = object->too_many ? 0 : object->changed->len;
  GVariant *ids = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, object->changed->data,
                                             n, sizeof (guint64));
  est_bus_outbox1_emit_changed (object->skeleton, ids);
  g_array_set_size (object->changed, 0);
  object->too_many = FALSE;
  return G_SOURCE_REMOVE;
}

/* The list is searched for doubles, and so must stay short. */
static void
note_id (EstOutboxObject *object, guint64 id)
{
  for (guint i = 0; i < object->changed->len; i++)
    if (g_array_index (object->changed, guint64, i) == id)
      return;
  if (object->changed->len < EST_OUTBOX_LIST_LIMIT)
    g_array_append_val (object->changed, id);
  else
    object->too_many = TRUE;
}

static void
on_changed (EstOutbox *outbox, gint64 id, int from, int to, EstOutboxObject *object)
{
  if (!object->too_many)
    note_id (object, (guint64) id);
  if (object->telling == 0)
    object->telling = g_timeout_add (TOGETHER_MS, tell_changes, object);
  if (object->counting == 0)
    object->counting = g_timeout_add (object->count_pause_ms, show_counts, object);
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
  g_mutex_clear (&object->listening_mutex);
  g_array_unref (object->changed);
  est_intake_free (object->intake);
}

static void
release (gpointer object, GClosure *closure)
{
  g_atomic_rc_box_release_full (object, clear_object);
}

static const EstMethod methods[] = {
  {"handle-list",       G_CALLBACK (est_outbox_on_list)      },
  {"handle-show",       G_CALLBACK (est_outbox_on_show)      },
  {"handle-journal",    G_CALLBACK (est_outbox_on_journal)   },
  {"handle-get-status", G_CALLBACK (est_outbox_on_get_status)},
  {"handle-send",       G_CALLBACK (est_outbox_on_send)      },
  {"handle-hold",       G_CALLBACK (est_outbox_on_hold)      },
  {"handle-release",    G_CALLBACK (est_outbox_on_release)   },
  {"handle-arrived",    G_CALLBACK (est_outbox_on_arrived)   },
  {"handle-discard",    G_CALLBACK (est_outbox_on_discard)   },
  {"handle-move",       G_CALLBACK (est_outbox_on_move)      },
  {"handle-readdress",  G_CALLBACK (est_outbox_on_readdress) },
  {"handle-pause",      G_CALLBACK (est_outbox_on_pause)     },
  {"handle-resume",     G_CALLBACK (est_outbox_on_resume)    },
  {"handle-export",     G_CALLBACK (est_outbox_on_export)    },
  {"handle-import",     G_CALLBACK (est_outbox_on_import)    },
};

EstOutboxObject *
est_outbox_object_new (const EstBusServices *services)
{
  EstOutboxObject *object = g_atomic_rc_box_new0 (EstOutboxObject);
  object->skeleton = est_bus_outbox1_skeleton_new ();
  object->outbox = g_object_ref (services->outbox);
  object->intake = est_intake_new (services->outbox, services->accounts);
  object->dispatcher = g_object_ref (services->dispatcher);
  object->accounts = g_object_ref (services->accounts);
  g_mutex_init (&object->listening_mutex);
  object->listening = g_new0 (char *, 1);
  object->taken = g_variant_ref_sink (g_variant_new ("a{su}", NULL));
  object->changed = g_array_new (FALSE, FALSE, sizeof (guint64));
  object->counting = g_idle_add (show_counts, object);

  est_methods_connect (G_DBUS_INTERFACE_SKELETON (object->skeleton), methods,
                       G_N_ELEMENTS (methods), object, release);
  g_signal_connect (object->outbox, "changed", G_CALLBACK (on_changed), object);
  return object;
}

void
est_outbox_object_set_listening (EstOutboxObject *object,
                                 const char *const *listening,
                                 GHashTable *taken)
{
  g_mutex_lock (&object->listening_mutex);
  g_strfreev (object->listening);
  g_variant_unref (object->taken);
  object->listening = g_strdupv ((char **) listening);
  object->taken = g_variant_ref_sink (est_status_describe_taken (taken));
  g_mutex_unlock (&object->listening_mutex);
}

void
est_outbox_object_free (EstOutboxObject *object)
{
  g_signal_handlers_disconnect_by_data (object->outbox, object);
  if (object->telling != 0)
    g_source_remove (object->telling);
  if (object->counting != 0)
    g_source_remove (object->counting);
  g_signal_handlers_disconnect_by_data (object->skeleton, object);
  release (object, NULL);
}

GDBusInterfaceSkeleton *
est_outbox_object_skeleton (EstOutboxObject *object)
{
  return G_DBUS_INTERFACE_SKELETON (object->skeleton);
}
