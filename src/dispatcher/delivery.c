/* Hands one message over. */
#include "dispatcher/delivery.h"

#include "base/clock.h"
#include "dispatcher/receipt.h"
#include "outbox/seal.h"
#include "relay/handover.h"

/* One claimed message on its way, and the receipt of the one before. */
typedef struct
{
  const EstDelivery *delivery;
  const EstEntry *entry;
  EstReceipt *earlier;
  guint next_chunk;
  guint64 octets; /* read so far */
  gboolean called_back;
  gboolean marked;
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

static void
rewind_content (gpointer data)
{
  Source *source = data;
  source->next_chunk = 0;
  source->octets = 0;
}

/* Says in @error what the outbox's @trouble means for the conversation. */
static void
set_trouble (Source *source, const GError *trouble, GError **error)
{
  EstReason reason = EST_REASON_STORE;
  if (g_error_matches (trouble, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_DAMAGED))
    reason = EST_REASON_DAMAGED;
  source->called_back
    = g_error_matches (trouble, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_CALLED_BACK);
  g_set_error_literal (error, EST_RELAY_ERROR, (int) reason, trouble->message);
}

static GBytes *
read_content (gpointer data, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  GBytes *bytes = read_whole (data, &trouble);
  if (bytes == NULL)
    set_trouble (data, trouble, error);
  return bytes;
}

/* The flush of the mark is also that of the earlier outcome. Until that is safe nothing
   more leaves: with a full disc, one message at most is in doubt. */
static gboolean
mark (gpointer data, GError **error)
{
  Source *source = data;
  const EstDelivery *delivery = source->delivery;
  g_autoptr (GError) trouble = NULL;
  gboolean marked = est_outbox_mark (delivery->outbox, source->entry->id, &trouble);
  est_receipt_finish (g_steal_pointer (&source->earlier));
  if (!marked)
    {
      set_trouble (source, trouble, error);
      return FALSE;
    }
  source->marked = TRUE;
  delivery->in_doubt (delivery->data, TRUE);
  return !g_cancellable_set_error_if_cancelled (delivery->cancellable, error);
}

/* An envelope that is not as it was sealed could send mail to a stranger. */
static EstOutcome *
refuse_damaged (EstEnvelope *envelope)
{
  static const char what[] = "the envelope does not match its seal";
  EstOutcome *outcome = est_outcome_new (g_strv_length (envelope->recipients));
  est_outcome_set_reason (outcome, EST_REASON_DAMAGED, what, NULL);
  return outcome;
}

/* What is not due yet was claimed for a relay that keeps it until its time. */
static gint64
release_time (const EstEntry *entry)
{
  return entry->not_before > est_clock_now () ? entry->wanted : 0;
}

static EstOutcome *
hand_over (Source *source, EstRelay *relay, EstEnvelope *envelope)
{
  if (!est_seal_is_whole (source->entry))
    return refuse_damaged (envelope);
  EstHandoverSource content = {.size = source->entry->size,
                               .read = read_content,
                               .rewind = rewind_content,
                               .before_last = mark,
                               .data = source,
                               .release = release_time (source->entry)};
  return est_handover (relay, envelope, &content);
}

EstReceipt *
est_delivery_run (const EstDelivery *delivery,
                  EstRelay *relay,
                  EstEntry *entry,
                  EstReceipt *earlier)
{
  g_autofree guint *numbers = NULL;
  Source source = {.delivery = delivery, .entry = entry, .earlier = earlier};
  g_autoptr (EstEnvelope) envelope = est_entry_pending_envelope (entry, &numbers);
  EstOutcome *outcome = hand_over (&source, relay, envelope);
  est_receipt_finish (source.earlier);
  gboolean cancelled = est_reason_pauses (outcome->reason)
                       && g_cancellable_is_cancelled (delivery->cancellable);
  gboolean stale = est_relay_is_stale (relay);
  if (!source.marked && (source.called_back || cancelled || stale))
    return est_receipt_void (delivery, entry, outcome);
  return est_receipt_begin (delivery, entry, outcome, g_steal_pointer (&numbers),
                            source.marked);
}
