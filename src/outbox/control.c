/* Persons' wishes: the messages are called back from their workers, kept from them while
   the wish is granted, and let go again. */
#include "outbox/control.h"

#include "base/clock.h"
#include "outbox/decide.h"
#include "outbox/door.h"
#include "outbox/read.h"
#include "outbox/standing.h"

#include <stdlib.h>

#define PATIENCE_USEC (5 * G_USEC_PER_SEC) /* for a relay's answer */

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

/* A number that is given twice is meant once. */
static GArray *
copy_ids (const gint64 *ids, gsize n_ids)
{
  g_autoptr (GArray) sorted = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (sorted, ids, (guint) n_ids);
  g_array_sort (sorted, compare_ids);
  GArray *once = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < sorted->len; i++)
    {
      gint64 id = g_array_index (sorted, gint64, i);
      if (i == 0 || id != g_array_index (sorted, gint64, i - 1))
        g_array_append_val (once, id);
    }
  return once;
}

/* By filter, nobody is called back: what is under way is left alone. With the mutex
   held. */
static GArray *
find_selected (EstOutbox *outbox, const EstSelection *selection, GError **error)
{
  GArray *ids
    = est_read_ids (outbox->reader, selection, outbox->claims, 0, G_MAXUINT, error);
  for (guint i = ids != NULL ? ids->len : 0; i-- > 0;)
    if (est_claims_is_spoken_for (outbox->claims, g_array_index (ids, gint64, i)))
      g_array_remove_index (ids, i);
  return ids;
}

/* The first of them that somebody still has in hand. */
static gint64
find_busy (EstOutbox *outbox, const GArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    if (est_claims_is_taken (outbox->claims, g_array_index (ids, gint64, i)))
      return g_array_index (ids, gint64, i);
  return g_array_index (ids, gint64, 0);
}

/* With the mutex held. */
static gboolean
wait_for (EstOutbox *outbox, const GArray *ids, GError **error)
{
  const gint64 *list = (const gint64 *) ids->data;
  gint64 until = g_get_monotonic_time () + PATIENCE_USEC;
  est_claims_want (outbox->claims, list, ids->len);
  while (!est_claims_try_hold (outbox->claims, list, ids->len))
    if (!g_cond_wait_until (&outbox->let_go, &outbox->mutex, until))
      {
        g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_UNDER_WAY,
                     "%" G_GINT64_FORMAT, find_busy (outbox, ids));
        est_claims_unwant (outbox->claims, list, ids->len);
        g_cond_broadcast (&outbox->let_go);
        return FALSE;
      }
  return TRUE;
}

/* The messages meant, in nobody else's hand, until est_door_let_go(); NULL on error. */
static GArray *
get_hold_of (EstOutbox *outbox, const EstSelection *selection, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  g_autoptr (GArray) ids = selection->n_ids > 0
                             ? copy_ids (selection->ids, selection->n_ids)
                             : find_selected (outbox, selection, error);
  gboolean good = ids != NULL && (ids->len == 0 || wait_for (outbox, ids, error));
  g_mutex_unlock (&outbox->mutex);
  return good ? g_steal_pointer (&ids) : NULL;
}

static void
tell_decision (EstOutbox *outbox, const EstDecision *decision)
{
  for (guint i = 0; i < decision->changes->len; i++)
    est_door_remember (outbox, decision->stamp,
                       g_array_index (decision->changes, EstChange, i).id);
  est_door_tell_all (outbox, decision->changes);
}

/* Fills in what all decisions have in common and runs @job. Whoever has planned while
   messages were in hand here, and left out those that stayed as they were, has to plan
   anew. */
static gboolean
decide (EstOutbox *outbox,
        const EstSelection *selection,
        EstWriterJob job,
        EstDecision *decision,
        guint *count,
        GError **error)
{
  g_autoptr (GArray) ids = get_hold_of (outbox, selection, error);
  if (ids == NULL)
    {
      est_door_tell_rearranged (outbox);
      return FALSE;
    }
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (EstChange));
  decision->ids = ids;
  decision->strict = selection->n_ids > 0;
  decision->stamp = est_door_stamp (outbox);
  decision->now = est_clock_now ();
  decision->changes = changes;
  gboolean good = est_writer_run (outbox->writer, job, decision, error);
  est_door_let_go (outbox, ids);
  if (!good || changes->len < ids->len)
    est_door_tell_rearranged (outbox);
  if (!good)
    return FALSE;
  tell_decision (outbox, decision);
  *count = changes->len + decision->as_wished;
  return TRUE;
}

gboolean
est_control_grant (EstOutbox *outbox,
                   EstWish wish,
                   const EstSelection *selection,
                   guint *count,
                   GError **error)
{
  EstDecision decision = {.wish = wish};
  return decide (outbox, selection, est_decide_wish, &decision, count, error);
}

gboolean
est_control_readdress (
  EstOutbox *outbox, gint64 id, const char *from, const char *to, GError **error)
{
  guint count;
  EstSelection selection = {.ids = &id, .n_ids = 1};
  EstDecision decision = {.from = from, .to = to};
  return decide (outbox, &selection, est_decide_readdress, &decision, &count, error);
}

gboolean
est_control_move (EstOutbox *outbox,
                  const EstSelection *selection,
                  const char *account,
                  EstMaySend may,
                  gpointer data,
                  guint *count,
                  GError **error)
{
  EstDecision decision = {.account = account, .may = may, .may_data = data};
  return decide (outbox, selection, est_decide_move, &decision, count, error);
}

static gboolean
write_piece (EstContent *content, GBytes *piece, GError **error)
{
  gsize length;
  const void *data = g_bytes_get_data (piece, &length);
  return est_content_append (content, data, length, error);
}

/* Straight from the store, whatever a worker does with it meanwhile. */
static GBytes *
read_piece (EstOutbox *outbox, gint64 id, guint number, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GBytes *piece = est_read_chunk (outbox->reader, id, number, error);
  g_mutex_unlock (&outbox->mutex);
  return piece;
}

static gboolean
copy_content (EstOutbox *outbox, gint64 id, EstContent *content, GError **error)
{
  for (guint number = 0;; number++)
    {
      g_autoptr (GBytes) piece = read_piece (outbox, id, number, error);
      if (piece == NULL)
        return FALSE;
      if (g_bytes_get_size (piece) == 0)
        return TRUE;
      if (!write_piece (content, piece, error))
        return FALSE;
    }
}

/* A delivery that ends meanwhile takes the content away between two pieces: what came out
   then is not the message. */
static gboolean
is_all_there (const EstEntry *entry, EstContent *content, GError **error)
{
  guint64 size = est_content_size (content);
  if (size == entry->size && entry->state != EST_STATE_SENT
      && entry->state != EST_STATE_DISCARDED)
    return TRUE;
  gboolean gone = size == 0 || entry->state == EST_STATE_SENT;
  g_set_error (error, EST_OUTBOX_ERROR,
               gone ? EST_OUTBOX_ERROR_NO_CONTENT : EST_OUTBOX_ERROR_DAMAGED,
               "%" G_GINT64_FORMAT, entry->id);
  return FALSE;
}

int
est_control_export (EstOutbox *outbox, gint64 id, GError **error)
{
  g_autoptr (EstContent) content = est_content_new (outbox->folder);
  if (!copy_content (outbox, id, content, error))
    return -1;
  g_autoptr (EstEntry) entry = est_outbox_get (outbox, id, error);
  if (entry == NULL || !is_all_there (entry, content, error))
    return -1;
  return est_content_open (content, error);
}

typedef struct
{
  const char *account;
  gint64 now;
} Halt;

static gboolean
store_halt (EstDatabase *database, gpointer data, GError **error)
{
  const Halt *halt = data;
  return est_standing_halt (database, halt->account, halt->now, error);
}

gboolean
est_control_halt (EstOutbox *outbox, const char *account, GError **error)
{
  Halt halt = {account, est_clock_now ()};
  if (!est_writer_run (outbox->writer, store_halt, &halt, error))
    return FALSE;
  est_door_tell_rearranged (outbox);
  return TRUE;
}

static gboolean
remove_halt (EstDatabase *database, gpointer data, GError **error)
{
  return est_standing_unhalt (database, data, error);
}

gboolean
est_control_unhalt (EstOutbox *outbox, const char *account, GError **error)
{
  if (!est_writer_run (outbox->writer, remove_halt, (gpointer) account, error))
    return FALSE;
  est_door_tell_rearranged (outbox);
  return TRUE;
}

GHashTable *
est_control_halts (EstOutbox *outbox, GError **error)
{
  g_mutex_lock (&outbox->mutex);
  GHashTable *halts = est_standing_halts (outbox->reader, error);
  g_mutex_unlock (&outbox->mutex);
  return halts;
}
