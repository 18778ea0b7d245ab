/* What workers do with messages: claimed in memory, marked and settled in the file. */
#include "base/clock.h"
#include "outbox/door.h"
#include "outbox/read.h"
#include "outbox/standing.h"
#include "outbox/turn.h"
#include "outbox/write.h"

/* With the mutex held. */
static EstDueQuestion
ask_about (EstOutbox *outbox, const EstClaimTerms *terms)
{
  return (EstDueQuestion){
    terms->account,   terms->largest,
    terms->bulk,      outbox->claims,
    est_clock_now (), g_hash_table_lookup (outbox->reaches, terms->account)};
}

void
est_outbox_set_reach (EstOutbox *outbox, const char *account, const EstReach *reach)
{
  g_mutex_lock (&outbox->mutex);
  g_hash_table_replace (outbox->reaches, g_strdup (account),
                        g_memdup2 (reach, sizeof *reach));
  g_mutex_unlock (&outbox->mutex);
}

gint64
est_outbox_next_due (EstOutbox *outbox, const char *account, guint64 largest)
{
  gint64 id, due = 0;
  g_autoptr (GError) error = NULL;
  const EstClaimTerms terms = {.account = account, .largest = largest, .bulk = TRUE};
  g_mutex_lock (&outbox->mutex);
  EstDueQuestion question = ask_about (outbox, &terms);
  gboolean good = est_turn_find (outbox->reader, &question, &id, &due, &error);
  g_mutex_unlock (&outbox->mutex);
  if (!good)
    g_warning ("cannot see what is due for %s: %s", account, error->message);
  return good && id != 0 ? due : G_MAXINT64;
}

guint
est_outbox_count_due (EstOutbox *outbox,
                      const char *account,
                      guint64 largest,
                      guint enough)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;
  const EstClaimTerms terms = {.account = account, .largest = largest, .bulk = TRUE};
  g_mutex_lock (&outbox->mutex);
  EstDueQuestion question = ask_about (outbox, &terms);
  gboolean good = est_turn_count (outbox->reader, &question, enough, &count, &error);
  g_mutex_unlock (&outbox->mutex);
  if (!good)
    g_warning ("cannot count what is due for %s: %s", account, error->message);
  return good ? count : 0;
}

EstNext
est_outbox_next (EstOutbox *outbox, const char *account, gboolean bulk)
{
  EstNext next = {0};
  g_autoptr (GError) error = NULL;
  const EstClaimTerms terms = {.account = account, .largest = G_MAXUINT64, .bulk = bulk};
  g_mutex_lock (&outbox->mutex);
  EstDueQuestion question = ask_about (outbox, &terms);
  gboolean good = est_turn_find (outbox->reader, &question, &next.id, &next.due, &error)
                  && (next.id == 0 || est_turn_describe (outbox->reader, &next, &error));
  g_mutex_unlock (&outbox->mutex);
  if (!good)
    g_warning ("cannot see what goes next for %s: %s", account, error->message);
  return good ? next : (EstNext){0};
}

/* With the mutex held. */
static EstEntry *
claim_due (EstOutbox *outbox,
           const EstClaimTerms *terms,
           GCancellable *call_back,
           GError **error)
{
  gint64 id, due = 0;
  EstDueQuestion question = ask_about (outbox, terms);
  if (!est_turn_find (outbox->reader, &question, &id, &due, error) || id == 0
      || due > question.now)
    return NULL;
  g_autoptr (EstEntry) entry = est_entry_load (outbox->reader, id, error);
  if (entry == NULL || (terms->admit != NULL && !terms->admit (entry, terms->data)))
    return NULL;
  est_claims_take (outbox->claims, id, call_back);
  return g_steal_pointer (&entry);
}

EstEntry *
est_outbox_claim (EstOutbox *outbox,
                  const EstClaimTerms *terms,
                  GCancellable *call_back,
                  GError **error)
{
  g_mutex_lock (&outbox->mutex);
  EstEntry *entry = claim_due (outbox, terms, call_back, error);
  g_mutex_unlock (&outbox->mutex);
  if (entry != NULL)
    est_door_tell (outbox, entry->id, EST_STATE_WAITING, EST_STATE_SENDING);
  return entry;
}

static void
end_claim (EstOutbox *outbox, gint64 id, EstState became)
{
  g_mutex_lock (&outbox->mutex);
  est_claims_let_go (outbox->claims, id);
  g_cond_broadcast (&outbox->let_go);
  g_mutex_unlock (&outbox->mutex);
  est_door_tell (outbox, id, EST_STATE_SENDING, (int) became);
}

void
est_door_let_go (EstOutbox *outbox, const GArray *ids)
{
  g_mutex_lock (&outbox->mutex);
  est_claims_finish (outbox->claims, (const gint64 *) ids->data, ids->len);
  g_cond_broadcast (&outbox->let_go);
  g_mutex_unlock (&outbox->mutex);
}

void
est_outbox_release (EstOutbox *outbox, gint64 id)
{
  end_claim (outbox, id, EST_STATE_WAITING);
}

/* With the mutex held. */
static gboolean
may_go_on (EstOutbox *outbox, gint64 id, gboolean last, GError **error)
{
  if (est_claims_may_go_on (outbox->claims, id, last))
    return TRUE;
  g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_CALLED_BACK,
               "message %" G_GINT64_FORMAT " is wanted back", id);
  return FALSE;
}

GBytes *
est_outbox_read (EstOutbox *outbox, gint64 id, guint number, GError **error)
{
  GBytes *bytes = NULL;
  g_mutex_lock (&outbox->mutex);
  if (may_go_on (outbox, id, FALSE, error))
    bytes = est_read_chunk (outbox->reader, id, number, error);
  g_mutex_unlock (&outbox->mutex);
  return bytes;
}

gboolean
est_outbox_mark (EstOutbox *outbox, gint64 id, GError **error)
{
  EstMark mark = {id, est_door_stamp (outbox)};
  g_mutex_lock (&outbox->mutex);
  gboolean wanted = !may_go_on (outbox, id, TRUE, error);
  g_mutex_unlock (&outbox->mutex);
  if (wanted || !est_writer_run (outbox->writer, est_write_mark, &mark, error))
    return FALSE;
  est_door_remember (outbox, mark.stamp, id);
  return TRUE;
}

struct EstSettlingTicket
{
  EstSettling settling;
  EstTicket *ticket;
};

EstSettlingTicket *
est_outbox_settle_begin (EstOutbox *outbox, const EstSettlement *settlement)
{
  EstSettlingTicket *ticket = g_new0 (EstSettlingTicket, 1);
  ticket->settling.settlement = settlement;
  ticket->settling.stamp = est_door_stamp (outbox);
  ticket->settling.now = est_clock_now ();
  ticket->ticket
    = est_writer_begin (outbox->writer, est_write_settling, &ticket->settling);
  return ticket;
}

/* If the outcome cannot be recorded the claim is kept: a message that may have left
   must not be tried again before the store works or the program starts anew. */
gboolean
est_outbox_settle_end (EstOutbox *outbox, EstSettlingTicket *ticket, GError **error)
{
  g_autofree EstSettlingTicket *owned = ticket;
  gint64 id = owned->settling.settlement->entry->id;
  if (!est_writer_end (outbox->writer, owned->ticket, error))
    return FALSE;
  est_door_remember (outbox, owned->settling.stamp, id);
  end_claim (outbox, id, owned->settling.became);
  return TRUE;
}

gboolean
est_outbox_settle (EstOutbox *outbox, const EstSettlement *settlement, GError **error)
{
  return est_outbox_settle_end (outbox, est_outbox_settle_begin (outbox, settlement),
                                error);
}

typedef struct
{
  const char *account;
  gint64 time;
} LaneTime;

static gboolean
keep_lane_time (EstDatabase *database, gpointer data, GError **error)
{
  const LaneTime *lane = data;
  return est_standing_keep_clock (database, lane->account, lane->time, error);
}

gboolean
est_outbox_keep_lane_time (EstOutbox *outbox,
                           const char *account,
                           gint64 lane_time,
                           GError **error)
{
  LaneTime lane = {account, lane_time};
  return est_writer_run (outbox->writer, keep_lane_time, &lane, error);
}

gint64
est_outbox_lane_time (EstOutbox *outbox, const char *account)
{
  gint64 counted = 0;
  g_mutex_lock (&outbox->mutex);
  est_standing_clock (outbox->reader, account, &counted, NULL);
  g_mutex_unlock (&outbox->mutex);
  return counted;
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
