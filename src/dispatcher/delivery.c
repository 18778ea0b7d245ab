/* Hands one message over and keeps the books. */
#include "dispatcher/delivery.h"

#include "base/clock.h"
#include "dispatcher/patience.h"
#include "relay/handover.h"

#define FIRST_STORE_RETRY_MS 1000
#define LAST_STORE_RETRY_MS  60000

gint64
est_delivery_delay (const EstDeliverySettings *limits, guint tries)
{
  return est_patience_delay (tries, limits->first_retry_seconds,
                             limits->longest_retry_seconds, g_random_double ());
}

/* The content of one claimed message. */
typedef struct
{
  const EstDelivery *delivery;
  const EstEntry *entry;
  guint next_chunk;
  guint64 octets; /* read so far */
} Source;

/* A piece that is missing looks like the end: the size tells. */
static GBytes *
read_whole (Source *source, GError **error)
{
  GBytes *bytes = est_outbox_read (source->delivery->outbox, source->entry->id,
                                   source->next_chunk++, error);
  source->octets += bytes != NULL ? g_bytes_get_size (bytes) : 0;
  if (bytes == NULL || g_bytes_get_size (bytes) > 0
      || source->octets == source->entry->size)
    return bytes;
  g_bytes_unref (bytes);
  g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_DAMAGED,
               "only %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " octets are there",
               source->octets, source->entry->size);
  return NULL;
}

static GBytes *
read_content (gpointer data, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  GBytes *bytes = read_whole (data, &trouble);
  if (bytes != NULL)
    return bytes;
  gboolean damaged
    = g_error_matches (trouble, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_DAMAGED);
  g_set_error_literal (error, EST_RELAY_ERROR,
                       damaged ? EST_REASON_DAMAGED : EST_REASON_STORE, trouble->message);
  return NULL;
}

static gboolean
mark (gpointer data, GError **error)
{
  Source *source = data;
  g_autoptr (GError) trouble = NULL;
  if (est_outbox_mark (source->delivery->outbox, source->entry->id, &trouble))
    {
      source->delivery->in_doubt (source->delivery->data, TRUE);
      return TRUE;
    }
  g_set_error_literal (error, EST_RELAY_ERROR, EST_REASON_STORE, trouble->message);
  return FALSE;
}

static EstOutcome *
hand_over (const EstDelivery *delivery,
           EstRelay *relay,
           const EstEntry *entry,
           EstEnvelope *envelope)
{
  Source source = {.delivery = delivery, .entry = entry};
  EstHandoverSource content
    = {.size = entry->size, .read = read_content, .before_last = mark, .data = &source};
  return est_handover (relay, envelope, &content);
}

/* The relay has put it off for as long as we go on: what is pending is refused, with the
   last words it had. */
static void
give_up (EstOutcome *outcome)
{
  g_autoptr (EstReply) reply = outcome->reply ? est_reply_ref (outcome->reply) : NULL;
  for (guint i = 0; i < outcome->n_verdicts; i++)
    if (outcome->verdicts[i].state == EST_RECIPIENT_PENDING)
      {
        g_autoptr (EstReply) words = outcome->verdicts[i].reply;
        outcome->verdicts[i].reply = NULL;
        est_outcome_set_verdict (outcome, i, EST_RECIPIENT_FAILED, words);
      }
  est_outcome_set_reason (outcome, EST_REASON_EXPIRED, "gave up", reply);
}

/* A message that met trouble of the account or the network goes behind the others, so
   that one that breaks every connection cannot hold them up; its patience is not used
   up. */
static EstSettlement
judge (const EstDelivery *delivery,
       const EstEntry *entry,
       EstOutcome *outcome,
       const guint *numbers)
{
  gint64 now = est_clock_now ();
  guint limit = delivery->limits->give_up_seconds;
  EstSettlement settlement = {.entry = entry,
                              .outcome = outcome,
                              .numbers = numbers,
                              .not_before = now,
                              .counts = !est_reason_pauses (outcome->reason)};
  if (outcome->reason == EST_REASON_DEFERRED
      && est_patience_is_over (entry->first_answer, now, limit))
    give_up (outcome);
  if (settlement.counts)
    settlement.not_before = now + est_delivery_delay (delivery->limits, entry->attempts);
  return settlement;
}

static gboolean
sleep_unless_cancelled (const EstDelivery *delivery, guint milliseconds)
{
  GPollFD poll_fd;
  if (!g_cancellable_make_pollfd (delivery->cancellable, &poll_fd))
    return FALSE;
  g_poll (&poll_fd, 1, (int) milliseconds);
  g_cancellable_release_fd (delivery->cancellable);
  return !g_cancellable_is_cancelled (delivery->cancellable);
}

/* What the relay has said must not be forgotten because the disc is full now: it would be
   sent again. It is tried as long as the program runs. */
static void
settle (const EstDelivery *delivery, const EstSettlement *settlement)
{
  guint pause = FIRST_STORE_RETRY_MS;
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      if (est_outbox_settle (delivery->outbox, settlement, &error))
        return;
      g_warning ("the outcome of message %" G_GINT64_FORMAT " could not be noted: %s",
                 settlement->entry->id, error->message);
      if (pause == FIRST_STORE_RETRY_MS)
        delivery->stuck (delivery->data, error);
      if (!sleep_unless_cancelled (delivery, pause))
        return;
      pause = MIN (pause * 2, LAST_STORE_RETRY_MS);
    }
}

EstOutcome *
est_delivery_run (const EstDelivery *delivery, EstRelay *relay, const EstEntry *entry)
{
  g_autofree guint *numbers = NULL;
  g_autoptr (EstEnvelope) envelope = est_entry_pending_envelope (entry, &numbers);
  g_autoptr (EstOutcome) outcome = hand_over (delivery, relay, entry, envelope);
  if (est_reason_pauses (outcome->reason)
      && g_cancellable_is_cancelled (delivery->cancellable))
    est_outbox_release (delivery->outbox, entry->id);
  else
    {
      EstSettlement settlement = judge (delivery, entry, outcome, numbers);
      settle (delivery, &settlement);
    }
  delivery->in_doubt (delivery->data, FALSE);
  return g_steal_pointer (&outcome);
}
