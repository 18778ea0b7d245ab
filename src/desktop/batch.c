/* Three lists, and the notices they become. */
#include "desktop/batch.h"

#include "base/clock.h"

#define TOLD_ALONE     3  /* more of a kind, in one moment, are told together */
#define SENT_LOOKED_AT 20 /* of many messages sent together, how many are looked up */

struct EstBatch
{
  EstOutbox *outbox;
  EstNoticeBoard *board;
  GArray *sent;    /* gint64: ids not told yet */
  GArray *ahead;   /* the same: their provider keeps them until their time */
  GArray *relayed; /* the same: sent, and nobody will report about them */
  guint n_relayed; /* how many of them were told one by one */
  GArray *late;    /* the same: failed because their hour was over */
};

EstBatch *
est_batch_new (EstOutbox *outbox, EstNoticeBoard *board)
{
  EstBatch *batch = g_new0 (EstBatch, 1);
  batch->outbox = g_object_ref (outbox);
  batch->board = board;
  batch->sent = g_array_new (FALSE, FALSE, sizeof (gint64));
  batch->ahead = g_array_new (FALSE, FALSE, sizeof (gint64));
  batch->relayed = g_array_new (FALSE, FALSE, sizeof (gint64));
  batch->late = g_array_new (FALSE, FALSE, sizeof (gint64));
  return batch;
}

void
est_batch_free (EstBatch *batch)
{
  g_object_unref (batch->outbox);
  g_array_unref (batch->sent);
  g_array_unref (batch->ahead);
  g_array_unref (batch->relayed);
  g_array_unref (batch->late);
  g_free (batch);
}

char *
est_batch_incident (gint64 id)
{
  return g_strdup_printf ("message %" G_GINT64_FORMAT, id);
}

static EstNotice *
compose_failed (const EstEntry *entry)
{
  guint n_sent = 0;
  g_autoptr (GPtrArray) refused = g_ptr_array_new ();
  gboolean never_asked = entry->reason == EST_REASON_INCAPABLE
                         || (entry->reason == EST_REASON_TOO_LARGE && !entry->reply);
  const char *reply = entry->reply;
  for (guint i = 0; i < entry->n_recipients; i++)
    {
      const EstRecipient *recipient = &entry->recipients[i];
      n_sent += recipient->state == EST_RECIPIENT_SENT;
      if (recipient->state != EST_RECIPIENT_FAILED)
        continue;
      g_ptr_array_add (refused, recipient->address);
      if (recipient->reply != NULL && !never_asked)
        reply = recipient->reply;
    }
  g_ptr_array_add (refused, NULL);
  const char *const *addresses = (const char *const *) refused->pdata;
  if (entry->reason == EST_REASON_LATE)
    return est_notice_late (1, entry->subject, addresses, n_sent);
  return est_notice_failed (entry->reason, entry->subject, addresses, n_sent,
                            entry->figures, reply);
}

static void
put_failed (EstBatch *batch, const EstEntry *entry)
{
  g_autofree char *incident = est_batch_incident (entry->id);
  g_autoptr (EstNotice) notice = compose_failed (entry);
  est_notice_board_put (batch->board, incident, EST_NOTICE_TROUBLE, notice);
}

/* A weekend without a network can make many late at once. */
void
est_batch_add_failed (EstBatch *batch, const EstEntry *entry)
{
  if (entry->reason == EST_REASON_LATE)
    g_array_append_val (batch->late, entry->id);
  else
    put_failed (batch, entry);
  if (est_outbox_is_relayed (batch->outbox, entry->id))
    g_array_append_val (batch->relayed, entry->id);
}

void
est_batch_add_sent (EstBatch *batch, gint64 id)
{
  GArray *list = batch->sent;
  if (est_outbox_kept_until (batch->outbox, id) > 0)
    list = batch->ahead;
  else if (est_outbox_is_relayed (batch->outbox, id))
    list = batch->relayed;
  g_array_append_val (list, id);
}

typedef EstNotice *(*Compose) (guint count,
                               const char *subject,
                               const char *const *recipients);

/* @relayed: only the recipients that are. */
static void
collect_addresses (const EstEntry *entry, gboolean relayed, GPtrArray *addresses)
{
  for (guint i = 0; i < entry->n_recipients; i++)
    if (!relayed || entry->recipients[i].relayed)
      g_ptr_array_add (addresses, g_strdup (entry->recipients[i].address));
}

/* Their recipients, and of one alone its subject. */
static GPtrArray *
collect_sent (
  EstBatch *batch, const gint64 *ids, guint count, gboolean relayed, char **subject)
{
  GPtrArray *recipients = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < MIN (count, SENT_LOOKED_AT); i++)
    {
      g_autoptr (EstEntry) entry = est_outbox_get (batch->outbox, ids[i], NULL);
      if (entry == NULL)
        continue;
      collect_addresses (entry, relayed, recipients);
      if (count == 1)
        *subject = g_strdup (entry->subject);
    }
  g_ptr_array_add (recipients, NULL);
  return recipients;
}

static EstNotice *
compose_sent (
  EstBatch *batch, const gint64 *ids, guint count, gboolean relayed, Compose compose)
{
  g_autofree char *subject = NULL;
  g_autoptr (GPtrArray) recipients = collect_sent (batch, ids, count, relayed, &subject);
  return compose (count, subject, (const char *const *) recipients->pdata);
}

static void
tell_sent (EstBatch *batch)
{
  const GArray *sent = batch->sent;
  g_autoptr (EstNotice) notice = compose_sent (batch, (const gint64 *) sent->data,
                                               sent->len, FALSE, est_notice_sent);
  est_notice_board_put (batch->board, "sent", EST_NOTICE_QUIET, notice);
  g_array_set_size (batch->sent, 0);
}

/* What is left of the time when it could be stopped is over. */
static void
tell_ahead (EstBatch *batch)
{
  GArray *ahead = batch->ahead;
  const gint64 *ids = (const gint64 *) ahead->data;
  g_autofree char *subject = NULL;
  g_autoptr (GPtrArray) recipients
    = collect_sent (batch, ids, ahead->len, FALSE, &subject);
  gint64 until = est_outbox_kept_until (batch->outbox, ids[0]);
  g_autoptr (EstNotice) notice
    = est_notice_ahead (ahead->len, subject, (const char *const *) recipients->pdata,
                        until / G_USEC_PER_SEC, est_clock_now () / G_USEC_PER_SEC);
  est_notice_board_put (batch->board, "ahead", EST_NOTICE_QUIET, notice);
  g_array_set_size (ahead, 0);
}

/* In the place of the reports that were asked for, so it stays until it was seen. Of
   those that come one by one the latest few stand: some programs ask with every mail. */
static void
put_relayed (EstBatch *batch, const gint64 *ids, guint count)
{
  guint place = count == 1 ? 1 + batch->n_relayed++ % TOLD_ALONE : 0;
  g_autofree char *incident = g_strdup_printf ("relayed %u", place);
  g_autoptr (EstNotice) notice
    = compose_sent (batch, ids, count, TRUE, est_notice_relayed);
  est_notice_board_put (batch->board, incident, EST_NOTICE_STAYS, notice);
}

static void
tell_relayed (EstBatch *batch)
{
  GArray *relayed = batch->relayed;
  const gint64 *ids = (const gint64 *) relayed->data;
  if (relayed->len > TOLD_ALONE)
    put_relayed (batch, ids, relayed->len);
  else
    for (guint i = 0; i < relayed->len; i++)
      put_relayed (batch, &ids[i], 1);
  g_array_set_size (relayed, 0);
}

static void
put_late (EstBatch *batch, gint64 id)
{
  g_autoptr (EstEntry) entry = est_outbox_get (batch->outbox, id, NULL);
  if (entry != NULL && entry->state == EST_STATE_FAILED)
    put_failed (batch, entry);
}

static const char together_late[] = "late";

static void
tell_late (EstBatch *batch)
{
  GArray *late = batch->late;
  guint count = est_outbox_count_failed (batch->outbox, EST_REASON_LATE);
  gboolean together = late->len > TOLD_ALONE && count > 1;
  for (guint i = 0; !together && i < late->len; i++)
    put_late (batch, g_array_index (late, gint64, i));
  g_array_set_size (late, 0);
  if (!together)
    return;
  g_autoptr (EstNotice) notice = est_notice_late (count, NULL, NULL, 0);
  est_notice_board_put (batch->board, together_late, EST_NOTICE_TROUBLE, notice);
}

void
est_batch_tidy (EstBatch *batch)
{
  if (est_notice_board_has (batch->board, together_late)
      && est_outbox_count_failed (batch->outbox, EST_REASON_LATE) == 0)
    est_notice_board_take (batch->board, together_late);
}

gboolean
est_batch_is_pending (const EstBatch *batch)
{
  return batch->sent->len > 0 || batch->ahead->len > 0 || batch->relayed->len > 0
         || batch->late->len > 0;
}

void
est_batch_tell (EstBatch *batch)
{
  if (batch->sent->len > 0)
    tell_sent (batch);
  if (batch->ahead->len > 0)
    tell_ahead (batch);
  if (batch->relayed->len > 0)
    tell_relayed (batch);
  if (batch->late->len > 0)
    tell_late (batch);
}
