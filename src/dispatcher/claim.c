/* Which message goes next. */
#include "base/clock.h"
#include "dispatcher/patience.h"
#include "dispatcher/shift.h"

/* Mail nobody has seen for weeks does not go by surprise. */
static gboolean
is_old (const EstEntry *entry, gint64 before)
{
  return MAX (entry->created, entry->wanted) < before && entry->attempts == 0
         && entry->doubts == 0 && !entry->asked;
}

/* No relay need be called for it. */
static gboolean
is_late (const EstEntry *entry, gint64 now)
{
  return entry->late != 0 && entry->late <= now;
}

static EstEntry *
take (EstShift *shift, guint64 largest, GError **error)
{
  const EstErrand *errand = &shift->errand;
  return est_outbox_claim (errand->outbox, errand->account->name, largest,
                           shift->reins.cancellable, error);
}

static EstEntry *
take_due (EstShift *shift, guint64 largest, GError **error)
{
  const EstErrand *errand = &shift->errand;
  gint64 now = est_clock_now (), before = est_patience_old (now);
  EstEntry *entry = take (shift, largest, error);
  if (entry == NULL || !(is_old (entry, before) || is_late (entry, now)))
    return entry;
  est_outbox_release (errand->outbox, entry->id);
  est_entry_free (entry);
  if (!est_outbox_fail_late (errand->outbox, error)
      || !est_outbox_hold_old (errand->outbox, errand->account->name, before, error))
    return NULL;
  return take (shift, largest, error);
}

/* What probes a pause is short, if there is a choice. */
static EstEntry *
choose (EstShift *shift, guint64 reach, GError **error)
{
  EstEntry *entry = NULL;
  GError *trouble = NULL;
  if (shift->pause != NULL && reach > EST_LETTER)
    entry = take_due (shift, EST_LETTER, &trouble);
  if (entry == NULL && trouble == NULL && reach > 0)
    entry = take_due (shift, reach, &trouble);
  if (trouble != NULL)
    g_propagate_error (error, trouble);
  return entry;
}

EstEntry *
est_shift_claim (EstShift *shift)
{
  g_autoptr (GError) error = NULL;
  if (est_reins_is_stopping (&shift->reins))
    return NULL;
  guint64 reach = est_hand_begin_claim (shift->hand);
  EstEntry *entry = choose (shift, reach, &error);
  est_hand_end_claim (shift->hand, entry != NULL ? entry->size : 0);
  if (error != NULL)
    est_shift_pause (shift, EST_REASON_STORE, error->message, NULL);
  return entry;
}
