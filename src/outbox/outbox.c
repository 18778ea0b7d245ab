/* The door of the outbox: claims in memory, everything else in the file. */
#include "outbox/outbox.h"

#include "base/clock.h"
#include "base/paths.h"
#include "outbox/read.h"
#include "outbox/schema.h"
#include "outbox/write.h"

#include <sys/statvfs.h>

#define ROOM_KEPT (4 * 1024 * 1024) /* octets */

struct _EstOutbox
{
  GObject parent;
  GMainContext *context; /* where "changed" is emitted */
  char *folder;
  EstWriter *writer;

  GMutex mutex; /* guards everything below */
  EstDatabase *reader;
  GHashTable *taken; /* ids that a worker has claimed */
  gint64 last_id;
};

G_DEFINE_FINAL_TYPE (EstOutbox, est_outbox, G_TYPE_OBJECT)

static guint changed_signal;

static void
est_outbox_finalize (GObject *object)
{
  EstOutbox *outbox = EST_OUTBOX (object);
  g_clear_pointer (&outbox->writer, est_writer_free);
  g_clear_pointer (&outbox->reader, est_database_close);
  g_hash_table_unref (outbox->taken);
  g_mutex_clear (&outbox->mutex);
  g_free (outbox->folder);
  g_main_context_unref (outbox->context);
  G_OBJECT_CLASS (est_outbox_parent_class)->finalize (object);
}

static void
est_outbox_class_init (EstOutboxClass *class)
{
  G_OBJECT_CLASS (class)->finalize = est_outbox_finalize;
  changed_signal
    = g_signal_new ("changed", EST_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_INT, G_TYPE_INT);
}

static void
est_outbox_init (EstOutbox *outbox)
{
  g_mutex_init (&outbox->mutex);
  outbox->context = g_main_context_ref_thread_default ();
  outbox->taken = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

typedef struct
{
  EstOutbox *outbox;
  EstChange change;
} News;

static gboolean
emit_change (gpointer data)
{
  News *news = data;
  g_signal_emit (news->outbox, changed_signal, 0, news->change.id, news->change.from,
                 news->change.to);
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
tell (EstOutbox *outbox, gint64 id, int from, int to)
{
  News *news = g_new (News, 1);
  *news = (News){
    g_object_ref (outbox), {id, from, to}
  };
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, emit_change, news, free_news);
  g_source_attach (source, outbox->context);
}

static gboolean
open_files (EstOutbox *outbox, const char *path, GError **error)
{
  g_autoptr (EstDatabase) database = est_database_open (path, error);
  if (database == NULL || !est_schema_prepare (database, error)
      || !est_read_last_id (database, &outbox->last_id, error))
    return FALSE;
  outbox->reader = est_database_open (path, error);
  if (outbox->reader == NULL || !est_database_keep_little (outbox->reader, error))
    return FALSE;
  outbox->writer = est_writer_new (g_steal_pointer (&database));
  return TRUE;
}

EstOutbox *
est_outbox_open (const char *path, GError **error)
{
  g_autoptr (EstOutbox) outbox = g_object_new (EST_TYPE_OUTBOX, NULL);
  outbox->folder = g_path_get_dirname (path);
  gint64 now = est_clock_now ();
  if (!est_paths_make_private_folder (outbox->folder, error)
      || !open_files (outbox, path, error)
      || !est_writer_run (outbox->writer, est_write_recovery, &now, error))
    return NULL;
  return g_steal_pointer (&outbox);
}

const char *
est_outbox_folder (EstOutbox *outbox)
{
  return outbox->folder;
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
  EstAddition addition = {take_id (outbox), est_clock_now (), letter, content};
  if (!has_room (outbox, est_content_size (content), error)
      || !est_writer_run (outbox->writer, est_write_addition, &addition, error))
    return FALSE;
  *id = addition.id;
  tell (outbox, addition.id, -1, EST_STATE_WAITING);
  return TRUE;
}

/* A claim is known here only, not in the row. */
static EstEntry *
with_claim (EstOutbox *outbox, EstEntry *entry)
{
  if (entry != NULL && g_hash_table_contains (outbox->taken, &entry->id))
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

GPtrArray *
est_outbox_list (EstOutbox *outbox, gint64 after, guint limit, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GPtrArray *entries = est_read_list (outbox->reader, after, limit, error);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    with_claim (outbox, g_ptr_array_index (entries, i));
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

gboolean
est_outbox_count (EstOutbox *outbox, EstCounts *counts, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  gboolean good = est_read_counts (outbox->reader, counts, error);
  g_mutex_unlock (&outbox->mutex);
  return good;
}

guint
est_outbox_count_waiting (EstOutbox *outbox, const char *account)
{
  g_mutex_lock (&outbox->mutex);
  guint count = est_read_waiting (outbox->reader, account);
  g_mutex_unlock (&outbox->mutex);
  return count;
}

gint64
est_outbox_next_due (EstOutbox *outbox, const char *account)
{
  gint64 id, due = 0;
  g_autoptr (GError) error = NULL;
  g_mutex_lock (&outbox->mutex);
  gboolean good
    = est_read_next_due (outbox->reader, account, outbox->taken, &id, &due, &error);
  g_mutex_unlock (&outbox->mutex);
  if (!good)
    g_warning ("cannot see what is due for %s: %s", account, error->message);
  return good && id != 0 ? due : G_MAXINT64;
}

EstEntry *
est_outbox_claim (EstOutbox *outbox, const char *account, GError **error)
{
  gint64 id, due = 0;
  EstEntry *entry = NULL;
  g_mutex_lock (&outbox->mutex);
  if (est_read_next_due (outbox->reader, account, outbox->taken, &id, &due, error)
      && id != 0 && due <= est_clock_now ())
    entry = est_entry_load (outbox->reader, id, error);
  if (entry != NULL)
    g_hash_table_add (outbox->taken, g_memdup2 (&id, sizeof id));
  g_mutex_unlock (&outbox->mutex);
  if (entry != NULL)
    tell (outbox, id, EST_STATE_WAITING, EST_STATE_SENDING);
  return entry;
}

static void
end_claim (EstOutbox *outbox, gint64 id, EstState became)
{
  g_mutex_lock (&outbox->mutex);
  g_hash_table_remove (outbox->taken, &id);
  g_mutex_unlock (&outbox->mutex);
  tell (outbox, id, EST_STATE_SENDING, (int) became);
}

void
est_outbox_release (EstOutbox *outbox, gint64 id)
{
  end_claim (outbox, id, EST_STATE_WAITING);
}

GBytes *
est_outbox_read (EstOutbox *outbox, gint64 id, guint number, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GBytes *bytes = est_read_chunk (outbox->reader, id, number, error);
  g_mutex_unlock (&outbox->mutex);
  return bytes;
}

gboolean
est_outbox_mark (EstOutbox *outbox, gint64 id, GError **error)
{
  return est_writer_run (outbox->writer, est_write_mark, &id, error);
}

/* If the outcome cannot be recorded the claim is kept: a message that may have left must
   not be tried again before the store works or the program starts anew. */
gboolean
est_outbox_settle (EstOutbox *outbox, const EstSettlement *settlement, GError **error)
{
  EstSettling settling = {.settlement = settlement, .now = est_clock_now ()};
  if (!est_writer_run (outbox->writer, est_write_settling, &settling, error))
    return FALSE;
  end_claim (outbox, settlement->entry->id, settling.became);
  return TRUE;
}

static gboolean
count_all_waiting (EstOutbox *outbox, guint *count, GError **error)
{
  EstCounts counts;
  if (!est_outbox_count (outbox, &counts, error))
    return FALSE;
  *count = counts.by_state[EST_STATE_WAITING];
  return TRUE;
}

gboolean
est_outbox_send_now (
  EstOutbox *outbox, const gint64 *ids, gsize n_ids, guint *count, GError **error)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (EstChange));
  EstRequest request = {ids, n_ids, est_clock_now (), changes};
  if (!est_writer_run (outbox->writer, est_write_send_now, &request, error))
    return FALSE;
  for (guint i = 0; i < changes->len; i++)
    {
      const EstChange *change = &g_array_index (changes, EstChange, i);
      tell (outbox, change->id, change->from, change->to);
    }
  *count = changes->len;
  return n_ids > 0 || count_all_waiting (outbox, count, error);
}

static gboolean
store_pause (EstDatabase *database, gpointer data, GError **error)
{
  return est_pause_store (database, data, error);
}

gboolean
est_outbox_pause (EstOutbox *outbox, const EstPause *pause, GError **error)
{
  return est_writer_run (outbox->writer, store_pause, (gpointer) pause, error);
}

static gboolean
remove_pause (EstDatabase *database, gpointer data, GError **error)
{
  return est_pause_remove (database, data, error);
}

gboolean
est_outbox_unpause (EstOutbox *outbox, const char *account, GError **error)
{
  return est_writer_run (outbox->writer, remove_pause, (gpointer) account, error);
}

GPtrArray *
est_outbox_pauses (EstOutbox *outbox, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GPtrArray *pauses = est_pause_load_all (outbox->reader, error);
  g_mutex_unlock (&outbox->mutex);
  return pauses;
}
