/* How an account stands, as its worker sees it. */
#include "base/clock.h"
#include "dispatcher/shift.h"

/* The same trouble going on is one incident: its beginning stays, its tries grow. */
static EstPause *
compose_pause (const EstShift *shift,
               EstReason reason,
               const char *detail,
               const EstTrouble *trouble)
{
  const EstDeliverySettings *limits = &shift->errand.settings->delivery;
  const EstPause *before = shift->pause;
  gboolean goes_on = before != NULL && before->reason == reason;
  gint64 now = est_clock_now ();
  EstPause *pause = g_new0 (EstPause, 1);
  pause->account = g_strdup (shift->errand.account->name);
  pause->reason = reason;
  pause->since = goes_on ? before->since : now;
  pause->tries = goes_on ? before->tries + 1 : 1;
  pause->retry = est_reason_passes (reason)
                   ? now + est_delivery_delay (limits, pause->tries - 1)
                   : G_MAXINT64;
  if (reason == EST_REASON_LIMIT)
    pause->retry
      = MAX (pause->retry, est_book_when (shift->errand.book, shift->errand.account));
  pause->detail = g_strdup (detail);
  pause->figures = g_strdup (trouble->figures);
  pause->reply = trouble->reply != NULL ? est_reply_to_line (trouble->reply)
                 : goes_on              ? g_strdup (before->reply)
                                        : NULL;
  return pause;
}

static void
note_pause (const EstShift *shift)
{
  g_autoptr (GError) error = NULL;
  const EstPause *pause = shift->pause;
  g_message ("account %s waits: %s: %s", pause->account, est_reason_nick (pause->reason),
             pause->detail != NULL ? pause->detail : "");
  if (!est_outbox_pause (shift->errand.outbox, pause, &error))
    g_warning ("the pause of %s could not be noted: %s", pause->account, error->message);
}

/* How the account stood when it was sent off. */
typedef struct
{
  EstShift *shift;
  EstPause *pause;
} News;

static gboolean
tell_news (gpointer data)
{
  News *news = data;
  const EstShift *shift = news->shift;
  shift->listener.told (shift->errand.account->name, g_steal_pointer (&news->pause),
                        shift->listener.data);
  return G_SOURCE_REMOVE;
}

static void
free_news (gpointer data)
{
  News *news = data;
  est_pause_free (news->pause);
  g_free (news);
}

static void
tell_how_it_stands (EstShift *shift)
{
  News *news = g_new (News, 1);
  *news = (News){shift, shift->pause != NULL ? est_pause_copy (shift->pause) : NULL};
  est_messenger_send (shift->messenger, tell_news, news, free_news);
}

/* Takes @pause over. */
static void
set_pause (EstShift *shift, EstPause *pause)
{
  est_pause_free (shift->pause);
  shift->pause = pause;
  note_pause (shift);
  tell_how_it_stands (shift);
}

/* A relay that is full, or a line that broke: of several connections that may be one's
   own trouble. */
static gboolean
may_concern_one_only (EstReason reason)
{
  return est_reason_scope (reason) == EST_SCOPE_NETWORK || reason == EST_REASON_BUSY
         || reason == EST_REASON_TURNED_AWAY;
}

/* One connection more that is not let in, or breaks down, says nothing about the account
   while another works: that one will tell. */
void
est_shift_pause (EstShift *shift,
                 EstReason reason,
                 const char *detail,
                 const EstTrouble *trouble)
{
  static const EstTrouble none;
  if (g_cancellable_is_cancelled (shift->reins.cancellable))
    return;
  if (may_concern_one_only (reason) && est_hand_resign (shift->hand))
    {
      g_message ("one connection less for %s: %s", shift->errand.account->name,
                 detail != NULL ? detail : est_reason_nick (reason));
      return;
    }
  set_pause (shift,
             compose_pause (shift, reason, detail, trouble != NULL ? trouble : &none));
}

void
est_shift_wait (EstShift *shift, const EstWait *wait)
{
  const EstTrouble trouble = {.figures = wait->figures};
  if (g_cancellable_is_cancelled (shift->reins.cancellable))
    return;
  EstPause *pause = compose_pause (shift, EST_REASON_BUDGET, wait->figures, &trouble);
  pause->retry = wait->until;
  set_pause (shift, pause);
}

/* A relay that merely lets us in and then breaks off is still the same trouble. */
void
est_shift_end_pause (EstShift *shift)
{
  g_autoptr (GError) error = NULL;
  if (shift->pause == NULL)
    return;
  if (!est_outbox_unpause (shift->errand.outbox, shift->errand.account->name, &error))
    g_warning ("the end of a pause could not be noted: %s", error->message);
  g_clear_pointer (&shift->pause, est_pause_free);
  est_stint_set (&shift->errand.stint, TRUE, g_get_monotonic_time ());
  tell_how_it_stands (shift);
}
