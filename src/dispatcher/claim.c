/* Which message goes next. */
#include "base/clock.h"
#include "dispatcher/patience.h"
#include "dispatcher/shift.h"

void
est_shift_give_back (EstShift *shift, EstEntry *entry)
{
  est_outbox_release (shift->errand.outbox, entry->id);
  est_book_close (shift->errand.book, entry->id, NULL);
  est_entry_free (entry);
}

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
take (EstShift *shift, guint64 largest, EstWait *wait, GError **error)
{
  const EstErrand *errand = &shift->errand;
  return est_book_claim (errand->book, errand->account, largest, shift->reins.cancellable,
                         wait, error);
}

static EstEntry *
take_due (EstShift *shift, guint64 largest, EstWait *wait, GError **error)
{
  const EstErrand *errand = &shift->errand;
  gint64 now = est_clock_now (), before = est_patience_old (now);
  EstEntry *entry = take (shift, largest, wait, error);
  if (entry == NULL || !(is_old (entry, before) || is_late (entry, now)))
    return entry;
  est_shift_give_back (shift, entry);
  if (!est_outbox_fail_late (errand->outbox, error)
      || !est_outbox_hold_old (errand->outbox, errand->account->name, before, error))
    return NULL;
  return take (shift, largest, wait, error);
}

static gboolean
is_in_trouble (const EstShift *shift)
{
  return shift->pause != NULL && shift->pause->reason != EST_REASON_BUDGET;
}

/* What probes a pause is short, if there is a choice. */
static EstEntry *
choose (EstShift *shift, guint64 reach, EstWait *wait, GError **error)
{
  EstEntry *entry = NULL;
  GError *trouble = NULL;
  if (is_in_trouble (shift) && reach > EST_LETTER)
    entry = take_due (shift, EST_LETTER, wait, &trouble);
  if (entry == NULL && trouble == NULL && reach > 0)
    entry = take_due (shift, reach, wait, &trouble);
  if (trouble != NULL)
    g_propagate_error (error, trouble);
  return entry;
}

EstEntry *
est_shift_claim (EstShift *shift)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstWait) wait = {0};
  if (est_reins_is_stopping (&shift->reins))
    return NULL;
  guint64 reach = est_hand_begin_claim (shift->hand);
  EstEntry *entry = choose (shift, reach, &wait, &error);
  est_hand_end_claim (shift->hand, entry != NULL ? entry->size : 0);
  if (error != NULL)
    est_shift_pause (shift, EST_REASON_STORE, error->message, NULL);
  else if (entry == NULL && wait.until != 0)
    est_shift_wait (shift, &wait);
  return entry;
}
