/* The door of the outbox: what is told, taken in and asked. How it is opened stands in
   opening.c, what workers do with messages in custody.c, what persons do in control.c. */
#include "outbox/outbox.h"

#include "base/clock.h"
#include "outbox/door.h"
#include "outbox/read.h"
#include "outbox/write.h"

#include <string.h>
#include <sys/statvfs.h>

#define ROOM_KEPT (4 * 1024 * 1024) /* octets */

G_DEFINE_FINAL_TYPE (EstOutbox, est_outbox, G_TYPE_OBJECT)

enum
{
  CHANGED,
  REARRANGED,
  DAMAGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
est_outbox_finalize (GObject *object)
{
  EstOutbox *outbox = EST_OUTBOX (object);
  g_clear_pointer (&outbox->examiner, est_examiner_free);
  g_clear_pointer (&outbox->writer, est_writer_free);
  g_clear_pointer (&outbox->reader, est_database_close);
  g_clear_pointer (&outbox->witness, est_witness_free);
  est_claims_free (outbox->claims);
  g_hash_table_unref (outbox->reaches);
  g_cond_clear (&outbox->let_go);
  g_mutex_clear (&outbox->mutex);
  g_free (outbox->path);
  g_free (outbox->folder);
  g_main_context_unref (outbox->context);
  G_OBJECT_CLASS (est_outbox_parent_class)->finalize (object);
}

static void
est_outbox_class_init (EstOutboxClass *class)
{
  G_OBJECT_CLASS (class)->finalize = est_outbox_finalize;
  signals[CHANGED]
    = g_signal_new ("changed", EST_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_INT, G_TYPE_INT);
  signals[REARRANGED] = g_signal_new ("rearranged", EST_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DAMAGED] = g_signal_new ("damaged", EST_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
est_outbox_init (EstOutbox *outbox)
{
  g_mutex_init (&outbox->mutex);
  g_cond_init (&outbox->let_go);
  outbox->context = g_main_context_ref_thread_default ();
  outbox->claims = est_claims_new ();
  outbox->reaches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* A signal on its way to the main loop; CHANGED once per change. */
typedef struct
{
  EstOutbox *outbox;
  guint signal;
  gsize n_changes;
  EstChange changes[];
} News;

static gboolean
emit_news (gpointer data)
{
  News *news = data;
  for (gsize i = 0; i < news->n_changes; i++)
    g_signal_emit (news->outbox, news->signal, 0, news->changes[i].id,
                   news->changes[i].from, news->changes[i].to);
  if (news->n_changes == 0)
    g_signal_emit (news->outbox, news->signal, 0);
  return G_SOURCE_REMOVE;
}

static void
free_news (gpointer data)
{
  News *news = data;
  g_object_unref (news->outbox);
  g_free (news);
}

/* Attached, not invoked: g_main_context_invoke would run listeners in the caller's thread
   while no loop owns the context. */
static void
send_news (EstOutbox *outbox, guint signal, const EstChange *changes, gsize n_changes)
{
  News *news = g_malloc (sizeof (News) + n_changes * sizeof (EstChange));
  news->outbox = g_object_ref (outbox);
  news->signal = signal;
  news->n_changes = n_changes;
  if (n_changes > 0)
    memcpy (news->changes, changes, n_changes * sizeof (EstChange));
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, emit_news, news, free_news);
  g_source_attach (source, outbox->context);
}

void
est_door_tell (EstOutbox *outbox, gint64 id, int from, int to)
{
  const EstChange change = {id, from, to};
  send_news (outbox, signals[CHANGED], &change, 1);
}

void
est_door_tell_all (EstOutbox *outbox, const GArray *changes)
{
  if (changes->len > 0)
    send_news (outbox, signals[CHANGED], (const EstChange *) changes->data, changes->len);
}

void
est_door_tell_rearranged (EstOutbox *outbox)
{
  send_news (outbox, signals[REARRANGED], NULL, 0);
}

gint64
est_door_stamp (EstOutbox *outbox)
{
  return __atomic_add_fetch (&outbox->stamp, 1, __ATOMIC_RELAXED);
}

void
est_door_remember (EstOutbox *outbox, gint64 stamp, gint64 id)
{
  if (outbox->witness != NULL)
    est_witness_remember (outbox->witness, stamp, id);
}

/* Once is enough: whoever hears it opens the outbox anew. */
void
est_door_on_damage (gpointer data, const char *what)
{
  EstOutbox *outbox = data;
  if (__atomic_exchange_n (&outbox->damaged, TRUE, __ATOMIC_RELAXED))
    return;
  g_warning ("the outbox is damaged: %s", what);
  send_news (outbox, signals[DAMAGED], NULL, 0);
}

const char *
est_outbox_folder (EstOutbox *outbox)
{
  return outbox->folder;
}

void
est_outbox_set_journal_days (EstOutbox *outbox, guint days)
{
  __atomic_store_n (&outbox->journal_days, days, __ATOMIC_RELAXED);
}

static gint64
take_id (EstOutbox *outbox)
{
  g_mutex_lock (&outbox->mutex);
  gint64 id = ++outbox->last_id;
  g_mutex_unlock (&outbox->mutex);
  return id;
}

/* Mail that comes in must not take the last room: what a relay says about the mail that
   is here already has to be noted too, and the WAL grows up to this before it is used
   again. Content is written twice, to the WAL and from there to its place. */
static gboolean
has_room (EstOutbox *outbox, guint64 size, GError **error)
{
  struct statvfs disc;
  if (statvfs (outbox->folder, &disc) != 0
      || (guint64) disc.f_bavail * disc.f_frsize >= 2 * size + ROOM_KEPT)
    return TRUE;
  g_set_error_literal (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_FULL,
                       "there is too little room on the disc");
  return FALSE;
}

gboolean
est_outbox_add (EstOutbox *outbox,
                const EstLetter *letter,
                EstContent *content,
                gint64 *id,
                GError **error)
{
  EstAddition addition
    = {take_id (outbox), est_door_stamp (outbox), est_clock_now (), letter, content};
  if (!has_room (outbox, est_content_size (content), error)
      || !est_writer_run (outbox->writer, est_write_addition, &addition, error))
    return FALSE;
  *id = addition.id;
  est_door_remember (outbox, addition.stamp, addition.id);
  est_door_tell (outbox, addition.id, -1,
                 letter->held != EST_REASON_NONE ? EST_STATE_HELD : EST_STATE_WAITING);
  return TRUE;
}

/* A claim is known here only, not in the row. */
static EstEntry *
with_claim (EstOutbox *outbox, EstEntry *entry)
{
  if (entry != NULL && est_claims_is_taken (outbox->claims, entry->id))
    entry->state = EST_STATE_SENDING;
  return entry;
}

EstEntry *
est_outbox_get (EstOutbox *outbox, gint64 id, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  EstEntry *entry = with_claim (outbox, est_entry_load (outbox->reader, id, error));
  g_mutex_unlock (&outbox->mutex);
  return entry;
}

static GPtrArray *
load_list (EstOutbox *outbox, const GArray *ids, GError **error)
{
  g_autoptr (GPtrArray) entries
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_entry_free);
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      EstEntry *entry = with_claim (outbox, est_entry_load (outbox->reader, id, error));
      if (entry == NULL)
        return NULL;
      g_ptr_array_add (entries, entry);
    }
  return g_steal_pointer (&entries);
}

GPtrArray *
est_outbox_list (EstOutbox *outbox,
                 const EstSelection *selection,
                 gint64 after,
                 guint limit,
                 GError **error)
{
  g_mutex_lock (&outbox->mutex);
  g_autoptr (GArray) ids
    = est_read_ids (outbox->reader, selection, outbox->claims, after, limit, error);
  GPtrArray *entries = ids != NULL ? load_list (outbox, ids, error) : NULL;
  g_mutex_unlock (&outbox->mutex);
  return entries;
}

GPtrArray *
est_outbox_attempts (EstOutbox *outbox, gint64 id, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GPtrArray *attempts = est_attempt_load_all (outbox->reader, id, error);
  g_mutex_unlock (&outbox->mutex);
  return attempts;
}

GPtrArray *
est_outbox_journal (EstOutbox *outbox,
                    const EstJournalSearch *search,
                    gint64 after,
                    guint limit,
                    GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GPtrArray *attempts = est_attempt_search (outbox->reader, search, after, limit, error);
  g_mutex_unlock (&outbox->mutex);
  return attempts;
}

gboolean
est_outbox_count (EstOutbox *outbox, EstCounts *counts, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  gboolean good = est_read_counts (outbox->reader, counts, error);
  g_mutex_unlock (&outbox->mutex);
  return good;
}

static guint
count_because (EstOutbox *outbox, EstState state, EstReason reason)
{
  g_mutex_lock (&outbox->mutex);
  guint count = est_read_because (outbox->reader, state, reason);
  g_mutex_unlock (&outbox->mutex);
  return count;
}

GArray *
est_outbox_times (EstOutbox *outbox, const char *program, gint64 since, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GArray *times = est_read_times (outbox->reader, program, since, error);
  g_mutex_unlock (&outbox->mutex);
  return times;
}

guint
est_outbox_count_held (EstOutbox *outbox, EstReason reason)
{
  return count_because (outbox, EST_STATE_HELD, reason);
}

guint
est_outbox_count_failed (EstOutbox *outbox, EstReason reason)
{
  return count_because (outbox, EST_STATE_FAILED, reason);
}

gboolean
est_outbox_is_relayed (EstOutbox *outbox, gint64 id)
{
  g_mutex_lock (&outbox->mutex);
  gboolean relayed = est_read_is_relayed (outbox->reader, id);
  g_mutex_unlock (&outbox->mutex);
  return relayed;
}

gint64
est_outbox_kept_until (EstOutbox *outbox, gint64 id)
{
  gint64 until = 0;
  g_mutex_lock (&outbox->mutex);
  est_database_number (outbox->reader, &until, 0, NULL,
                       "SELECT ahead FROM message WHERE id=?", "i", id);
  g_mutex_unlock (&outbox->mutex);
  return MAX (until, 0);
}

guint
est_outbox_count_waiting (EstOutbox *outbox, const char *account)
{
  g_mutex_lock (&outbox->mutex);
  guint count = est_read_waiting (outbox->reader, account);
  g_mutex_unlock (&outbox->mutex);
  return count;
}

GPtrArray *
est_outbox_asking (EstOutbox *outbox, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GPtrArray *apps = est_asking_load (outbox->reader, error);
  g_mutex_unlock (&outbox->mutex);
  return apps;
}

gboolean
est_outbox_count_asking (EstOutbox *outbox,
                         const char *program,
                         guint *count,
                         GError **error)
{
  g_mutex_lock (&outbox->mutex);
  gboolean good = est_asking_count (outbox->reader, program, count, error);
  g_mutex_unlock (&outbox->mutex);
  return good;
}
