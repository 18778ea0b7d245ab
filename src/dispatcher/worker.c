/* Joins outbox and relay for the time of one connection. */
#include "dispatcher/worker.h"

#include "account/hold.h"
#include "base/clock.h"
#include "dispatcher/delivery.h"
#include "dispatcher/patience.h"

#define GRACE_USEC (3 * G_USEC_PER_SEC)

struct EstWorker
{
  EstErrand errand;
  EstWorkerListener listener;
  GMainContext *context;
  GCancellable *cancellable;
  GThread *thread;
  EstPause *pause; /* what the account is left with */
  EstDelivery delivery;
  GPtrArray *news; /* GSource: on their way to the main loop */

  GMutex mutex; /* guards what is below */
  GCond settled;
  gboolean stopping; /* no further message is to be claimed */
  gboolean ending;   /* the program is */
  gboolean loaded;
  guint in_doubt; /* messages that are out, and whose outcome is not noted yet */
};

/* The same trouble going on is one incident: its beginning stays, its tries grow. */
static EstPause *
compose_pause (const EstWorker *worker,
               EstReason reason,
               const char *detail,
               const EstTrouble *trouble)
{
  const EstDeliverySettings *limits = &worker->errand.settings->delivery;
  const EstPause *before = worker->pause;
  gboolean goes_on = before != NULL && before->reason == reason;
  gint64 now = est_clock_now ();
  EstPause *pause = g_new0 (EstPause, 1);
  pause->account = g_strdup (worker->errand.account->name);
  pause->reason = reason;
  pause->since = goes_on ? before->since : now;
  pause->tries = goes_on ? before->tries + 1 : 1;
  pause->retry = est_reason_passes (reason)
                   ? now + est_delivery_delay (limits, pause->tries - 1)
                   : G_MAXINT64;
  pause->detail = g_strdup (detail);
  pause->figures = g_strdup (trouble->figures);
  pause->reply = trouble->reply != NULL ? est_reply_to_line (trouble->reply)
                 : goes_on              ? g_strdup (before->reply)
                                        : NULL;
  return pause;
}

/* An express that is not let in, or breaks down, says nothing about the account: its
   neighbour is under way, and tells. */
static void
note_pause (const EstWorker *worker)
{
  g_autoptr (GError) error = NULL;
  const EstPause *pause = worker->pause;
  const char *detail = pause->detail != NULL ? pause->detail : "";
  if (worker->errand.express)
    {
      g_message ("no second connection for %s: %s", pause->account, detail);
      return;
    }
  g_message ("account %s waits: %s: %s", pause->account, est_reason_nick (pause->reason),
             detail);
  if (!est_outbox_pause (worker->errand.outbox, pause, &error))
    g_warning ("the pause of %s could not be noted: %s", pause->account, error->message);
}

static void
pause_account (EstWorker *worker,
               EstReason reason,
               const char *detail,
               const EstTrouble *trouble)
{
  static const EstTrouble none;
  if (g_cancellable_is_cancelled (worker->cancellable))
    return;
  EstPause *pause
    = compose_pause (worker, reason, detail, trouble != NULL ? trouble : &none);
  est_pause_free (worker->pause);
  worker->pause = pause;
  note_pause (worker);
}

static void
set_in_doubt (gpointer data, gboolean in_doubt)
{
  EstWorker *worker = data;
  g_mutex_lock (&worker->mutex);
  worker->in_doubt = in_doubt ? worker->in_doubt + 1 : worker->in_doubt - 1;
  g_cond_broadcast (&worker->settled);
  g_mutex_unlock (&worker->mutex);
}

/* Not cut short by a message that is called back: what is to be noted is about another.
 */
static gboolean
rest_unless_ending (gpointer data, guint milliseconds)
{
  EstWorker *worker = data;
  gint64 until = g_get_monotonic_time () + (gint64) milliseconds * 1000;
  g_mutex_lock (&worker->mutex);
  while (!worker->ending && g_cond_wait_until (&worker->settled, &worker->mutex, until))
    ;
  gboolean ending = worker->ending;
  g_mutex_unlock (&worker->mutex);
  return !ending;
}

static void
send_news (EstWorker *worker, GSourceFunc tell, gpointer data, GDestroyNotify free)
{
  GSource *source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell, data, free);
  g_ptr_array_add (worker->news, source);
  g_source_attach (source, worker->context);
}

/* How the account stood when it was sent off. */
typedef struct
{
  EstWorker *worker;
  EstPause *pause;
} News;

static gboolean
tell_news (gpointer data)
{
  News *news = data;
  EstWorker *worker = news->worker;
  worker->listener.told (worker->errand.account->name, g_steal_pointer (&news->pause),
                         worker->listener.data);
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
tell_how_it_stands (EstWorker *worker)
{
  News *news = g_new (News, 1);
  *news = (News){worker, worker->pause != NULL ? est_pause_copy (worker->pause) : NULL};
  send_news (worker, tell_news, news, free_news);
}

static void
on_stuck (gpointer data, const GError *error)
{
  EstWorker *worker = data;
  pause_account (worker, EST_REASON_STORE, error->message, NULL);
  tell_how_it_stands (worker);
}

/* Only a message the relay has answered about ends a pause: one that merely lets us in
   and then breaks off is still the same trouble. */
static void
end_pause (EstWorker *worker)
{
  g_autoptr (GError) error = NULL;
  if (worker->pause == NULL)
    return;
  if (!est_outbox_unpause (worker->errand.outbox, worker->errand.account->name, &error))
    g_warning ("the end of a pause could not be noted: %s", error->message);
  g_clear_pointer (&worker->pause, est_pause_free);
  est_stint_set (&worker->errand.stint, TRUE, g_get_monotonic_time ());
  tell_how_it_stands (worker);
}

static gboolean
tell_loaded (gpointer data)
{
  const EstWorker *worker = data;
  worker->listener.loaded (worker->listener.data);
  return G_SOURCE_REMOVE;
}

static void
set_loaded (EstWorker *worker, gboolean loaded)
{
  g_mutex_lock (&worker->mutex);
  worker->loaded = loaded;
  g_mutex_unlock (&worker->mutex);
  if (loaded)
    send_news (worker, tell_loaded, worker, NULL);
}

/* What the outcome means for the account. TRUE: the next message may follow on this
   connection. */
static gboolean
learn_from (EstWorker *worker, EstRelay *relay, const EstReceipt *receipt)
{
  const EstOutcome *outcome = est_receipt_outcome (receipt);
  if (est_receipt_is_void (receipt))
    return FALSE;
  if (est_reason_pauses (outcome->reason))
    {
      const EstTrouble trouble = {outcome->reply, outcome->figures};
      pause_account (worker, outcome->reason, outcome->detail, &trouble);
      return FALSE;
    }
  end_pause (worker);
  return est_relay_is_usable (relay);
}

/* Hands @entry (taken over) over; @receipt is that of the message before, and then of
   this one. */
static gboolean
deliver (EstWorker *worker, EstRelay *relay, EstEntry *entry, EstReceipt **receipt)
{
  gboolean parcel = entry->size > EST_WORKER_LETTER;
  if (parcel)
    set_loaded (worker, TRUE);
  *receipt
    = est_delivery_run (&worker->delivery, relay, entry, g_steal_pointer (receipt));
  if (parcel)
    set_loaded (worker, FALSE);
  return learn_from (worker, relay, *receipt);
}

static gboolean
is_stopping (EstWorker *worker)
{
  g_mutex_lock (&worker->mutex);
  gboolean stopping = worker->stopping;
  g_mutex_unlock (&worker->mutex);
  return stopping;
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
claim_due (EstWorker *worker, guint64 largest, GError **error)
{
  const EstErrand *errand = &worker->errand;
  gint64 now = est_clock_now (), before = est_patience_old (now);
  EstEntry *entry = est_outbox_claim (errand->outbox, errand->account->name, largest,
                                      worker->cancellable, error);
  if (entry == NULL || !(is_old (entry, before) || is_late (entry, now)))
    return entry;
  est_outbox_release (errand->outbox, entry->id);
  est_entry_free (entry);
  if (!est_outbox_fail_late (errand->outbox, error)
      || !est_outbox_hold_old (errand->outbox, errand->account->name, before, error))
    return NULL;
  return est_outbox_claim (errand->outbox, errand->account->name, largest,
                           worker->cancellable, error);
}

/* What probes a pause is short, if there is a choice. */
static EstEntry *
claim (EstWorker *worker)
{
  g_autoptr (GError) error = NULL;
  EstEntry *entry = NULL;
  if (is_stopping (worker))
    return NULL;
  if (worker->errand.express || worker->pause != NULL)
    entry = claim_due (worker, EST_WORKER_LETTER, &error);
  if (entry == NULL && error == NULL && !worker->errand.express)
    entry = claim_due (worker, G_MAXUINT64, &error);
  if (error != NULL)
    pause_account (worker, EST_REASON_STORE, error->message, NULL);
  return entry;
}

/* Callbacks that have not come yet do not come any more. */
static void
free_worker (EstWorker *worker)
{
  g_thread_join (worker->thread);
  for (guint i = 0; i < worker->news->len; i++)
    g_source_destroy (g_ptr_array_index (worker->news, i));
  g_ptr_array_unref (worker->news);
  g_object_unref (worker->errand.outbox);
  g_object_unref (worker->errand.credentials);
  est_settings_unref (worker->errand.settings);
  est_account_unref (worker->errand.account);
  est_pause_free (worker->pause);
  g_object_unref (worker->cancellable);
  g_mutex_clear (&worker->mutex);
  g_cond_clear (&worker->settled);
  g_main_context_unref (worker->context);
  g_free (worker);
}

static gboolean
tell_done (gpointer data)
{
  EstWorker *worker = data;
  g_autofree char *account = g_strdup (worker->errand.account->name);
  EstPause *pause = g_steal_pointer (&worker->pause);
  EstWorkerListener listener = worker->listener;
  free_worker (worker);
  listener.done (worker, account, pause, listener.data);
  return G_SOURCE_REMOVE;
}

static EstRelay *
open_relay (EstWorker *worker)
{
  g_auto (EstTrouble) trouble = {0};
  g_autoptr (GError) error = NULL;
  EstRelay *relay
    = est_relay_open (worker->errand.account, &worker->errand.settings->delivery,
                      worker->errand.credentials, worker->cancellable, &trouble, &error);
  if (relay == NULL && error->domain == EST_RELAY_ERROR)
    pause_account (worker, (EstReason) error->code, error->message, &trouble);
  return relay;
}

/* The next message is claimed while the outcome of the last one is still being stored;
   when there is none, that is waited for. */
static EstEntry *
claim_next (EstWorker *worker, EstReceipt **receipt)
{
  EstEntry *entry = claim (worker);
  if (entry == NULL)
    g_clear_pointer (receipt, est_receipt_finish);
  return entry;
}

static void
deliver_all (EstWorker *worker, EstRelay *relay, EstEntry *first)
{
  EstReceipt *receipt = NULL;
  EstEntry *entry = first;
  while (entry != NULL)
    {
      gboolean more = deliver (worker, relay, entry, &receipt);
      entry = more ? claim_next (worker, &receipt) : NULL;
    }
  est_receipt_finish (receipt);
}

/* Now it is known how long this relay keeps mail. What it would send on ahead of its time
   stays here. Takes @entry over, returns it or the next one. */
static EstEntry *
reconsider (EstWorker *worker, EstEntry *entry)
{
  const EstErrand *errand = &worker->errand;
  gint64 now = est_clock_now ();
  EstReach reach = est_hold_reach (errand->account);
  est_outbox_set_reach (errand->outbox, errand->account->name, &reach);
  if (entry->not_before <= now || est_reach_covers (&reach, entry->wanted, now))
    return entry;
  est_outbox_release (errand->outbox, entry->id);
  est_entry_free (entry);
  return claim (worker);
}

/* The first message is claimed before the relay is called: nobody is called for nothing.
   The farewell comes before the news of the end, for whoever gets that waits for this
   thread. */
static gpointer
work (gpointer data)
{
  EstWorker *worker = data;
  g_autoptr (EstEntry) entry = claim (worker);
  g_autoptr (EstRelay) relay = entry != NULL ? open_relay (worker) : NULL;
  if (relay != NULL)
    deliver_all (worker, relay, reconsider (worker, g_steal_pointer (&entry)));
  else if (entry != NULL)
    est_outbox_release (worker->errand.outbox, entry->id);
  g_clear_pointer (&relay, est_relay_close);
  send_news (worker, tell_done, worker, NULL);
  return NULL;
}

static EstDelivery
describe_delivery (EstWorker *worker)
{
  return (EstDelivery){.outbox = worker->errand.outbox,
                       .account = worker->errand.account,
                       .limits = &worker->errand.settings->delivery,
                       .stint = &worker->errand.stint,
                       .cancellable = worker->cancellable,
                       .in_doubt = set_in_doubt,
                       .stuck = on_stuck,
                       .rest = rest_unless_ending,
                       .data = worker};
}

EstWorker *
est_worker_start (const EstErrand *errand, const EstWorkerListener *listener)
{
  EstWorker *worker = g_new0 (EstWorker, 1);
  worker->errand = *errand;
  g_object_ref (errand->outbox);
  g_object_ref (errand->credentials);
  est_settings_ref (errand->settings);
  est_account_ref (errand->account);
  worker->errand.pause = NULL;
  worker->pause = errand->pause != NULL ? est_pause_copy (errand->pause) : NULL;
  worker->listener = *listener;
  g_mutex_init (&worker->mutex);
  g_cond_init (&worker->settled);
  worker->context = g_main_context_ref_thread_default ();
  worker->cancellable = g_cancellable_new ();
  worker->delivery = describe_delivery (worker);
  worker->news = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  worker->thread = g_thread_new ("relay-worker", work, worker);
  return worker;
}

gboolean
est_worker_is_loaded (EstWorker *worker)
{
  g_mutex_lock (&worker->mutex);
  gboolean loaded = worker->loaded;
  g_mutex_unlock (&worker->mutex);
  return loaded;
}

void
est_worker_finish (EstWorker *worker)
{
  g_mutex_lock (&worker->mutex);
  worker->stopping = TRUE;
  g_mutex_unlock (&worker->mutex);
}

/* An answer that is under way is waited for: without it the message would be in doubt,
   and sent again. */
void
est_worker_stop (EstWorker *worker)
{
  gint64 until = g_get_monotonic_time () + GRACE_USEC;
  g_mutex_lock (&worker->mutex);
  worker->stopping = TRUE;
  while (worker->in_doubt > 0
         && g_cond_wait_until (&worker->settled, &worker->mutex, until))
    ;
  worker->ending = TRUE;
  g_cond_broadcast (&worker->settled);
  g_mutex_unlock (&worker->mutex);
  g_cancellable_cancel (worker->cancellable);
  free_worker (worker);
}
